//! A kit for testing compositions: what is composed of which packages, and what is said about it, without rustc.
//!
//! A [`Case`] is a host and the packages around it, each with its manifest. [`Case::compose`] runs the compiler on them,
//! the same that runs in build scripts, and the [`Outcome`] is asked for codes, places and texts:
//!
//! ```
//! use treenail_build::testing::{Case, Package};
//!
//! let contract = Package::new("helpdesk-api", "2.0.0");
//! let plugin = Package::new("acme-mail", "0.3.1").depends_on(["helpdesk-api"]).manifest(
//!     "treenail = 1\n[plugin]\nid = \"mail\"\napi = { helpdesk-api = \"^1.2\" }\n",
//! );
//! let host = Package::new("helpdesk", "0.1.0").manifest("treenail = 1\n[host]\n");
//! let outcome = Case::new(host).with(contract).with(plugin).compose();
//!
//! outcome.assert_codes(["TN0203"]);
//! outcome.assert_at("TN0203", "acme-mail/plugins.toml:4:24");
//! outcome.assert_says("TN0203", "plugin `mail` 0.3.1 does not support helpdesk-api 2.0.0");
//! ```
//!
//! A case can also be a real package with all that it depends on ([`Case::of_package`], which asks Cargo).
//!
//! # Expected texts
//!
//! [`Outcome::assert_matches`] compares all messages with a file. With `BLESS=1` in the environment it writes what was found
//! instead. Read the difference before you commit it: it is what users will see.
//!
//! # Generated code in the package
//!
//! A package that ships what is generated for it, `src/treenail.rs`, has a test that it is current: [`assert_generated`]; a host that commits a
//! `plugins.lock` has one that this is: [`assert_locked`]. With `BLESS=1` they write the file, so nobody has to install a tool.
//!
//! # What needs rustc
//!
//! That a component's type implements what its manifest says is for rustc to find. Test that with
//! [trybuild](https://docs.rs/trybuild): a source file with `treenail::compose!("file.toml")` or `treenail::plugin!()` in
//! `tests/ui`, and its expected output beside it.

mod case;
mod committed;
#[cfg(test)]
mod fronts;
mod outcome;
mod real_package;

#[cfg(test)]
mod tests;

pub use case::{Case, Package};
pub use committed::{assert_generated, assert_locked};
pub use outcome::Outcome;

#[cfg(test)]
pub(crate) use outcome::compare;
