//! From files, variables and figments to one tree of values that know their places.

mod defaults;
mod dotenv;
mod file;
mod load;
mod node;
mod scalar;
mod settings;
mod variable;
mod yaml;

pub(crate) use load::{Loaded, UnreadValue};
pub(crate) use node::{Kind, Node, Pair, found};
pub use settings::Settings;
pub(crate) use variable::{Known, Segment, Vocabulary};
