//! What the desk and its plugins share.

pub trait Orders: Send + Sync {}

pub trait Notify: Send + Sync {}

pub trait Ledger: Send + Sync {}

pub mod audit {
    pub trait Sink: Send + Sync {}
}

mod inner {
    pub trait Clock: Send + Sync {}
}
pub use inner::Clock;

pub struct Money(pub u64);
