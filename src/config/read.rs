//! From files, variables and figments to one tree of values that know their places.

pub(crate) mod dotenv;
pub(crate) mod layer;
pub(crate) mod load;
pub(crate) mod node;
pub(crate) mod place;
pub(crate) mod settings;
