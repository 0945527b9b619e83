pub trait Http: Send + Sync {}
pub struct Client;
