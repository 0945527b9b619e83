//! Any bytes as a manifest: never a panic, and the same messages for the same bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use treenail_build::check_manifest;

fuzz_target!(|bytes: &[u8]| {
    let once = check_manifest("plugins.toml", bytes);
    let twice = check_manifest("plugins.toml", bytes);
    assert_eq!(once, twice);
});
