//! From files, variables and figments to one tree of values that know their places.

mod defaults;
mod dotenv;
pub(crate) mod load;
pub(crate) mod node;
mod scalar;
pub(crate) mod settings;
mod variable;
mod yaml;
