//! Somebody who notifies, by way of an outbox: composed by nject.

use nject::{injectable, provider};

trait Outbox: Send + Sync {
    fn send(&self, text: &str) -> String;
}

struct Smtp {
    host: String,
}

impl Outbox for Smtp {
    fn send(&self, text: &str) -> String {
        format!("{text}, by {}", self.host)
    }
}

#[injectable]
struct Notifier<'a> {
    outbox: &'a dyn Outbox,
}

impl Notifier<'_> {
    fn notify(&self, name: &str) -> String {
        self.outbox.send(&format!("dear {name}"))
    }
}

#[provider]
struct Post {
    #[provide(dyn Outbox)]
    smtp: Smtp,
}

#[test]
fn a_notifier_is_provided() {
    let host = "mail.example".to_owned();
    let post = Post {
        smtp: Smtp { host },
    };
    let notifier: Notifier<'_> = post.provide();
    assert_eq!(notifier.notify("Ada"), "dear Ada, by mail.example");
}
