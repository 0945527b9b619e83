//! Every form of requirement and every scope, composed for real.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use contract::Store;
use treenail::{AllProvidedBy, Application, Component, Config, Deps, ProvidedBy, Settings, State};

mod plain {
    treenail::compose!("forms.toml");
}

pub use plain::{DeskDeps, LoudDeps, LouderDeps, PeerDeps, StampDeps};

/// A service of the host itself.
pub trait Report: Send + Sync {
    /// What the desk was given.
    fn report(&self) -> String;
}

/// Needs its services in every form.
pub struct Desk {
    deps: DeskDeps,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        assert!(deps.peer.get().is_none(), "what is lazy is not there yet");
        Ok(Self { deps })
    }
}

impl Report for Desk {
    fn report(&self) -> String {
        let names = |stores: &[Arc<dyn Store>]| {
            stores
                .iter()
                .map(|store| store.name())
                .collect::<Vec<_>>()
                .join("+")
        };
        let by_id = self
            .deps
            .by_id
            .iter()
            .map(|(id, store)| format!("{id}={}", store.name()))
            .collect::<Vec<_>>();
        format!(
            "store {}, absent {}, present {}, every {}, by id {}, precise {}",
            self.deps.store.name(),
            self.deps.absent.is_none(),
            self.deps
                .present
                .as_ref()
                .map_or_else(String::new, |store| store.name()),
            names(&self.deps.every),
            by_id.join("+"),
            self.deps.precise.name(),
        )
    }
}

/// Needs the desk that needs it.
pub struct Peer {
    deps: PeerDeps,
}

impl Component for Peer {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { deps })
    }
}

/// One for each injection.
pub struct Stamp {
    number: usize,
}

static STAMPS: AtomicUsize = AtomicUsize::new(0);

impl Component for Stamp {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            number: STAMPS.fetch_add(1, Ordering::SeqCst),
        })
    }
}

macro_rules! decorator {
    ($Name:ident, $before:literal, $after:literal) => {
        /// Says its store's name with an accent.
        pub struct $Name {
            inner: Arc<dyn Store>,
        }

        impl Component for $Name {
            async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
                Ok(Self { inner: deps.inner })
            }
        }

        impl Store for $Name {
            fn name(&self) -> String {
                format!(concat!($before, "{}", $after), self.inner.name())
            }
        }
    };
}

decorator!(Loud, "(", ")");
decorator!(Louder, "[", "]");

#[tokio::test]
async fn every_form_of_requirement_is_handed_over() {
    let app = plain::App::start(Settings::none()).await.unwrap();
    assert_eq!(
        app.get::<dyn Report>().report(),
        "store [(storage)], absent true, present [(storage)], every [(archive)]+[(storage)], \
         by id archive:Archive=[(archive)]+storage:Storage=[(storage)], precise [(archive)]",
    );
    assert_eq!(app.get::<dyn Store>().name(), "[(storage)]");
    assert_eq!(app.all::<dyn Store>().len(), 2);
    assert!(app.status().iter().all(|status| status.state == State::Ok));
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_lazy_requirement_breaks_a_cycle_and_leaks_nothing() {
    let app = plain::App::start(Settings::none()).await.unwrap();
    let desk = Arc::clone(app.get::<Desk>());
    let peer = desk.deps.peer.get().expect("built by now");
    assert!(Arc::ptr_eq(&peer.deps.desk, &desk));
    let (desk_gone, peer_gone) = (Arc::downgrade(&desk), Arc::downgrade(&peer));
    app.stop().await;
    drop((app, desk, peer));
    assert!(desk_gone.upgrade().is_none() && peer_gone.upgrade().is_none());
}

#[tokio::test]
async fn a_component_of_a_plugin_is_found_by_its_own_type_without_being_told_to_provide_it() {
    let app = plain::App::start(Settings::none()).await.unwrap();
    let archive: &Arc<archive::Archive> = app.get();
    assert_eq!(archive.name(), "archive");
    assert!(Arc::ptr_eq(archive, &app.get::<Desk>().deps.archive));
    app.stop().await;
}

#[tokio::test]
async fn every_injection_of_a_transient_has_its_own() {
    let app = plain::App::start(Settings::none()).await.unwrap();
    let desk = app.get::<Desk>();
    let peer = app.get::<Peer>();
    assert_ne!(desk.deps.stamp.number, peer.deps.stamp.number);
    app.stop().await;
}

/// What a host that is a library does with an application.
async fn names_of<A: Application>() -> Vec<String>
where
    dyn Store: AllProvidedBy<A> + ProvidedBy<A>,
{
    A::check(&Settings::none()).expect("nothing is configured");
    assert_eq!(A::inventory().host(), "embedding");
    let app = A::start(Settings::none()).await.expect("it starts");
    assert!(app.status().iter().all(|status| status.state == State::Ok));
    assert!(app.instance::<dyn Store>("nobody").is_none());
    let every = app.all::<dyn Store>();
    assert!(every.iter().any(|one| Arc::ptr_eq(one, app.get())));
    app.run_until(std::future::ready(())).await.expect("it ran");
    assert!(app.stop().await.is_clean());
    every.iter().map(|store| store.name()).collect()
}

#[tokio::test]
async fn code_that_is_generic_over_the_application_works_with_it() {
    let names = names_of::<plain::App>().await;
    assert_eq!(names, ["[(archive)]", "[(storage)]"]);
}
