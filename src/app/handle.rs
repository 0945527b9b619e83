//! A component's handle on the application that it is part of.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::watch;

#[cfg(feature = "config")]
use super::changes::Changes;
#[cfg(feature = "config")]
use super::running::Running;
use crate::container::{Inputs, Inventory, Table, inventory};
use crate::lifecycle::{CurrentLife, Life, Report, ask_to_end};
#[cfg(feature = "config")]
use crate::lifecycle::{ReloadCause, ReloadError};
use crate::supervision::{Health, LOG_TARGET, State, Status, Watch};

/// A component's handle on the application: what a health endpoint or an admin console asks, and a way to end it.
///
/// A component asks for it like for a service: `requires = { app = "treenail::AppHandle" }`. It is no need of the component's:
/// who has it waits for nobody, and nobody for it. It keeps nothing alive; once the application is gone, there are no states
/// and [`health`](Self::health) is `Stopped`. It may be cloned, and used from everywhere.
///
/// ```ignore
/// impl Component for Admin {
///     async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
///         Ok(Self { app: deps.app, port: config.port })
///     }
/// }
///
/// impl Admin {
///     fn answer(&self, path: &str) -> (u16, String) {
///         let health = self.app.health();
///         match path {
///             "/ready" => (if health.is_ready() { 200 } else { 503 }, health.to_string()),
///             "/quit" => {
///                 self.app.shutdown();
///                 (202, "stopping".to_owned())
///             }
///             _ => (404, String::new()),
///         }
///     }
/// }
/// ```
#[derive(Clone)]
pub struct AppHandle {
    table: &'static Table,
    application: Weak<CurrentLife>,
    component: String,
}

/// The handle of the component that has these inputs.
///
/// # Panics
/// If they are those of no application, which generated code never has.
pub fn app_handle(inputs: &Inputs) -> Arc<AppHandle> {
    let life = inputs.application().downcast::<Life>();
    let life = life.unwrap_or_else(|_| panic!("{inputs:?} are those of no application"));
    Arc::new(AppHandle {
        table: life.table,
        application: Arc::downgrade(life.current()),
        component: inputs.name().to_owned(),
    })
}

impl AppHandle {
    fn life(&self) -> Option<Arc<Life>> {
        self.application.upgrade()?.life()
    }

    /// The state of every component, dependencies first.
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        let life = self.life();
        life.map_or_else(Vec::new, |life| life.supervision.board.all())
    }

    /// The states, in the order of [`status`](Self::status), as they change.
    #[must_use]
    pub fn watch(&self) -> Watch {
        match self.life() {
            Some(life) => life.supervision.board.watch(),
            None => watch::channel(Default::default()).1,
        }
    }

    /// How the application is as a whole. While it starts it is `Starting`, and so not ready.
    #[must_use]
    pub fn health(&self) -> Health {
        match self.life() {
            Some(life) => Health::of(&life.supervision.board.all()),
            None => Health {
                state: State::Stopped,
                components: 0,
                troubles: Vec::new(),
            },
        }
    }

    /// How long every component took to be built and to start, as far as that has come.
    #[must_use]
    pub fn report(&self) -> Report {
        match self.life() {
            Some(life) => life.report(),
            None => Report {
                host: self.table.host,
                configured: Duration::ZERO,
                whole: Duration::ZERO,
                timings: Vec::new(),
            },
        }
    }

    /// What is in the application: its plugins and components, as composed.
    #[must_use]
    pub fn inventory(&self) -> Inventory {
        inventory(self.table)
    }

    /// Reads the files of the configuration again, and lets it take the place of the one that runs: see
    /// [`Reloader::reload_again`](crate::Reloader::reload_again). It goes on where this future is dropped, as it is when the reload
    /// replaces the component that waits for it. In `build` and `start` it waits for a reload that waits for the component.
    ///
    /// # Errors
    /// Why it was refused: one reason is that no [`Reloader`](crate::Reloader) runs the application.
    #[cfg(feature = "config")]
    pub async fn reload(&self) -> Result<Changes, ReloadError> {
        let application = self.application.upgrade();
        let application = application.and_then(|current| current.reloads());
        let application = application.and_then(|any| any.downcast::<Running>().ok());
        match application {
            Some(application) => application.reload_again().await,
            None => Err(ReloadError::refused(ReloadCause::NoReloader)),
        }
    }

    /// Asks the application to end. `App::run` then stops everything, in order, and returns. While the application is still
    /// being built or started, its start is rolled back, with a [`StartError`](crate::StartError) that names this component. To
    /// ask again changes nothing.
    pub fn shutdown(&self) {
        let Some(life) = self.life() else {
            return;
        };
        if ask_to_end(&life.shutdown, &self.component) {
            tracing::info!(target: LOG_TARGET, component = self.component, "asks for a shutdown");
        }
    }
}

impl fmt::Debug for AppHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppHandle({})", self.health().state)
    }
}
