//! The manual: a page for each question that the reference does not answer by itself. Only in the documentation, and the
//! files of the folder `docs`, word for word.
//!
//! | page | is for whoever |
//! |---|---|
//! | [`manifest`] | writes a plugins.toml, of a plugin or of a host |
//! | [`configuration`] | writes the YAML file of an application |
//! | [`operating`] | runs an application, or makes one fit to be run |
//! | [`testing`] | tests a plugin or a composition |
//! | [`ci`] | has compositions checked by machines |
//! | [`lock`] | builds without Cargo, the network, or the files of other packages |
//! | [`changes`] | wants to know what a change does, or why something is so |
//! | [`generate`] | publishes a plugin or a library, or wants a build without the compiler |
//! | [`from_linkme`] | has entries under names by linkme, inventory or ctor |

// The pages name each other as files. Of two definitions of a link the first one counts, so here they lead to the modules.
/// How a manifest is written.
///
/// [changes]: crate::docs::changes
/// [ci]: crate::docs::ci
/// [generate]: crate::docs::generate
/// [lock]: crate::docs::lock
/// [configuration]: crate::docs::configuration
/// [operating]: crate::docs::operating
#[doc = include_str!("../docs/manifest.md")]
pub mod manifest {}

/// How an application is configured.
///
/// [manifest]: crate::docs::manifest
/// [operating]: crate::docs::operating
#[doc = include_str!("../docs/configuration.md")]
pub mod configuration {}

/// How an application is run and watched.
///
/// [configuration]: crate::docs::configuration
#[doc = include_str!("../docs/operating.md")]
pub mod operating {}

/// How a plugin and a composition are tested.
///
/// [manifest]: crate::docs::manifest
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

/// How a composition is checked before anything is built.
///
/// [changes]: crate::docs::changes
/// [generate]: crate::docs::generate
/// [lock]: crate::docs::lock
#[doc = include_str!("../docs/ci.md")]
pub mod ci {}

/// What `plugins.lock` is for.
#[doc = include_str!("../docs/lock.md")]
pub mod lock {}

/// What is different between two compositions, and who decided something.
///
/// [lock]: crate::docs::lock
#[doc = include_str!("../docs/changes.md")]
pub mod changes {}

/// How generated code is shipped.
///
/// [lock]: crate::docs::lock
#[doc = include_str!("../docs/generate.md")]
pub mod generate {}

/// What changes for whoever registers by linkme, inventory or ctor.
#[doc = include_str!("../docs/from-linkme.md")]
pub mod from_linkme {}
