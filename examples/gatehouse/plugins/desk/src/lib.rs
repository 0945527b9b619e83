//! Announces visitors, lets them in and out, and has their hosts told.

treenail::plugin!();

mod component;
mod page;

pub use component::Desk;
pub use page::DeskPage;
