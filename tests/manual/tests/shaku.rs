//! Somebody who notifies, by way of an outbox: composed by shaku.

use std::sync::Arc;

use shaku::{Component, HasComponent, Interface, module};

trait Outbox: Interface {
    fn send(&self, text: &str) -> String;
}

trait Notify: Interface {
    fn notify(&self, name: &str) -> String;
}

#[derive(Component)]
#[shaku(interface = Outbox)]
struct Smtp {
    host: String,
}

impl Outbox for Smtp {
    fn send(&self, text: &str) -> String {
        format!("{text}, by {}", self.host)
    }
}

#[derive(Component)]
#[shaku(interface = Notify)]
struct Notifier {
    #[shaku(inject)]
    outbox: Arc<dyn Outbox>,
}

impl Notify for Notifier {
    fn notify(&self, name: &str) -> String {
        self.outbox.send(&format!("dear {name}"))
    }
}

module! {
    Post {
        components = [Smtp, Notifier],
        providers = []
    }
}

#[test]
fn a_notifier_is_resolved() {
    let host = "mail.example".to_owned();
    let post = Post::builder()
        .with_component_parameters::<Smtp>(SmtpParameters { host })
        .build();
    let notifier: &dyn Notify = post.resolve_ref();
    assert_eq!(notifier.notify("Ada"), "dear Ada, by mail.example");
}
