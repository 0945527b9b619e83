//! What the host and its plugins share.

/// Says hello.
pub trait Greet: Send + Sync {
    /// A greeting.
    fn greet(&self) -> String;
}

/// Says something aloud.
pub trait Voice: Send + Sync {
    /// What is heard.
    fn say(&self, text: &str) -> String;
}
