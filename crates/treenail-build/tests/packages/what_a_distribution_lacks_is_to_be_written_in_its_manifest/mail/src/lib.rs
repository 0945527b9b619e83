pub trait Voice: Send + Sync {}
