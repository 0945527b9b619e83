pub struct Outbox;
pub trait Store {}
