//! That the files which are made of a package, and committed with it, are current.

#![expect(
    clippy::disallowed_methods,
    reason = "Cargo tells a test its package in the environment, which says as well whether to write"
)]

use std::env;

use crate::front::committed::Committed;
use crate::front::composer::Composer;

/// The package of this test has the file `src/treenail.rs` that `cargo treenail generate` writes. With `BLESS=1` in the environment it
/// is written instead.
///
/// ```no_run
/// #[test]
/// fn the_generated_code_is_current() {
///     treenail_build::testing::assert_generated();
/// }
/// ```
///
/// # Panics
/// If the file is another, or cannot be written, or there are mistakes; and where there is no Cargo to name the package.
#[track_caller]
pub fn assert_generated() {
    own_package().read_only().generated().assert_current();
}

/// The package of this test has the `plugins.lock` that `cargo treenail lock` writes. With `BLESS=1` in the environment it is written
/// instead.
///
/// ```no_run
/// #[test]
/// fn the_lock_is_current() {
///     treenail_build::testing::assert_locked();
/// }
/// ```
///
/// # Panics
/// If the file is another, or cannot be written, or there are mistakes; and where there is no Cargo to name the package.
#[track_caller]
pub fn assert_locked() {
    own_package().lock(false).assert_current();
}

fn own_package() -> Composer {
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("`cargo test` names the package");
    Composer::new(package)
}

impl Committed {
    /// The file is there and has this text. With `BLESS=1` in the environment it is written instead.
    ///
    /// # Panics
    /// If it is another, or cannot be written, or there are mistakes.
    #[track_caller]
    pub fn assert_current(&self) {
        if self.text.is_none() {
            let messages = self.composed.report(false).join("\n\n");
            panic!("it cannot be made:\n\n{messages}");
        }
        let Some(difference) = self.difference() else {
            return;
        };
        let file = self.file.display();
        if env::var_os("BLESS").is_none() {
            panic!("{file} is not what it should be now (BLESS=1 writes that): {difference}");
        }
        if let Err(error) = self.write() {
            panic!("{error}");
        }
    }
}
