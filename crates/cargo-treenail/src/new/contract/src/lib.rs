//! A contract: what plugins of an application offer each other.
//!
//! A plugin that depends on this package provides a service by `provides = ["dyn example_name::Greet"]` in its plugins.toml, and asks for
//! it by `requires = { greet = "dyn example_name::Greet" }`.

/// Greets.
pub trait Greet: Send + Sync {
    /// A greeting for `name`.
    fn greet(&self, name: &str) -> String;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Greet;

    struct Hello;

    impl Greet for Hello {
        fn greet(&self, name: &str) -> String {
            format!("hello, {name}")
        }
    }

    /// As an application hands it from one plugin to others.
    #[test]
    fn it_can_be_shared_without_its_type() {
        let service: Arc<dyn Greet> = Arc::new(Hello);
        assert_eq!(service.greet("world"), "hello, world");
    }
}
