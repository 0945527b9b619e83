//! The table that generated code brings, the nodes it comes to under a configuration, and the values they are filled with.

mod configured;
mod current;
mod entry;
mod inputs;
mod inventory;
mod layout;
mod lazy;
mod own_clock;
mod plan;
mod policy;
mod slots;
mod table;
#[cfg(feature = "config")]
mod transition;

#[cfg(any(feature = "config", test))]
pub(crate) use configured::ConfigSource;
pub(crate) use configured::{Configured, ConfiguredLifecycle};
#[cfg(feature = "config")]
pub(crate) use configured::{Instance, Target};
pub use current::Current;
pub(crate) use entry::entries;
pub use entry::entry;
pub use inputs::{Inputs, build, reconfigure, unexpected};
pub use inventory::{ComponentInfo, Inventory, PluginInfo, inventory};
pub(crate) use layout::lay_out;
pub use lazy::Lazy;
pub use own_clock::{FromOwnClock, own_clock};
pub(crate) use plan::{Plan, PlanNode};
#[cfg(feature = "config")]
pub(crate) use policy::Reload;
pub use policy::{Deadlines, Restart};
pub(crate) use slots::{Slot, Slots};
pub use table::{Absent, Entry, Form, LeftOut, Need, PluginEntry, Reason, Scope, Table};
#[cfg(feature = "config")]
pub(crate) use transition::{Cause, NewNode, OldNode, Standing, Transition, transition};
