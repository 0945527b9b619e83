pub trait Outbox {}
