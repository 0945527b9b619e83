//! A host that ships its generated code, with a requirement of every form.

include!("treenail.rs");

use treenail::{Component, Config, Deps, Settings};

/// A service of the host's own.
pub trait Report: Send + Sync {
    /// What it was given.
    fn report(&self) -> String;
}

/// Needs its services in every form.
pub struct Desk(DeskDeps);

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(deps))
    }
}

impl Report for Desk {
    fn report(&self) -> String {
        let deps = &self.0;
        format!(
            "store {}, absent {}, present {}, every {}, by id {:?}, precise {}, disk {}, words {:?}",
            deps.store.name(),
            deps.absent.is_none(),
            deps.present.is_some(),
            deps.every.len(),
            deps.by_id.keys().collect::<Vec<_>>(),
            deps.precise.name(),
            api::Store::name(&*deps.disk),
            deps.words.keys().collect::<Vec<_>>(),
        )
    }
}

/// Needs the desk that needs it.
pub struct Peer;

impl Component for Peer {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// One for each injection.
pub struct Stamp;

impl Component for Stamp {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

fn own(whom: &str) -> String {
    format!("own {whom}")
}

#[tokio::main]
async fn main() -> treenail::Result<()> {
    let app = App::start(Settings::file("config.yml")?).await?;
    println!("{}", app.get::<dyn Report>().report());
    app.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[tokio::test]
    async fn every_form_of_requirement_is_met() {
        let settings = Settings::file("config.yml").expect("a configuration");
        let app = App::start(settings).await.expect("it starts");
        assert_eq!(
            app.get::<dyn Report>().report(),
            "store MEMORY, absent true, present true, every 2, by id [\"big\", \"parrot:Memory\"], precise MEMORY, disk big, \
             words [\"hello\", \"kept\", \"own\", \"shout\"]"
        );
        let words = app.registry::<api::Words>();
        let said = |key: &str| words.get(key).expect("an entry")("it");
        assert_eq!(said("kept"), "it is in MEMORY");
        assert_eq!(
            (said("own"), said("shout")),
            ("own it".to_owned(), "HELLO IT".to_owned())
        );
        assert!(app.stop().await.is_clean());
    }

    #[test]
    fn no_compiler_of_treenail_is_built() {
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
            ])
            .output()
            .expect("cargo tree");
        let tree = String::from_utf8(tree.stdout).expect("text");
        assert!(tree.contains("treenail-core v"));
        assert!(
            !tree.contains("treenail-build v") && !tree.contains("treenail-macros v"),
            "{tree}"
        );
    }
}
