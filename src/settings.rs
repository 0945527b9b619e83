//! Settings of an application without configuration files.

/// What an application is started with. The feature `config` adds files, environment and validation.
#[derive(Debug, Clone, Default)]
pub struct Settings(());

impl Settings {
    /// No configuration.
    pub fn none() -> Self {
        Self(())
    }
}
