//! Hooks of a whole plugin: setup before its first component is built, cleanup after its last one stopped.

use std::future::Future;

use crate::component::{Building, Component, Config, Declared, Deps};
use crate::container::{Inputs, Inventory, build};
use crate::error::Result;

/// What a plugin does once for all of its components; its manifest names the type: `[plugin] hooks = "crate::Hooks"`.
///
/// ```
/// struct Hooks;
///
/// impl treenail::Hooks for Hooks {
///     async fn setup(inventory: treenail::Inventory) -> treenail::Result<Self> {
///         if std::env::var_os("ACME_LICENCE").is_none() {
///             let host = inventory.host();
///             return Err(treenail::Error::msg(format!("{host} needs a licence in ACME_LICENCE")));
///         }
///         Ok(Self)
///     }
///
///     async fn cleanup(&self) -> treenail::Result<()> {
///         Ok(())
///     }
/// }
/// ```
///
/// The hooks take part in the lifecycle as a component does, under the name of their type: with deadlines, a state, a
/// place in reports. All other components of the plugin depend on them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named as `hooks` in plugins.toml, but does not implement `Hooks`",
    label = "named as hooks",
    note = "implement `treenail::Hooks` for it: `setup` makes the value"
)]
pub trait Hooks: Sized + Send + Sync + 'static {
    /// Called before the plugin's first component is built.
    ///
    /// # Errors
    /// Why the plugin refuses to take part. Nothing of it is then built. The start is rolled back, or, for a plugin that
    /// the host calls optional, goes on without it.
    fn setup(inventory: Inventory) -> impl Future<Output = Result<Self>> + Send;

    /// Called after the plugin's last component has stopped, and only if [`setup`](Hooks::setup) succeeded.
    ///
    /// # Errors
    /// Reported in the [`StopReport`](crate::StopReport); the stop goes on.
    fn cleanup(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// Hooks in the place of a component. Where others have their configuration, it has the inventory.
struct Hooked<H>(H);

impl<H: Hooks> Declared for Hooked<H> {
    type Deps = ();
    type Config = Inventory;
}

impl<H: Hooks> Component for Hooked<H> {
    async fn build((): Deps<Self>, inventory: Config<Self>) -> Result<Self> {
        H::setup(inventory).await.map(Self)
    }

    async fn stop(&self) -> Result<()> {
        self.0.cleanup().await
    }
}

/// The step that the generated entry of a plugin's hooks ends in.
pub fn set_up<H: Hooks>(inputs: &mut Inputs) -> Building {
    build::<Hooked<H>>(inputs, ())
}
