//! Functions under text keys, in sets of 5 to 1000, by plain names and by URNs: composed by treenail, and registered in
//! the other ways that programs have. The sets are printed by the build script.

treenail::compose!();

/// What stands under a key.
pub type Entry = fn(u64) -> u64;

/// For each set its registry, and a module of its name with its keys, as many texts that are none, and the other ways.
pub mod sets {
    #![allow(non_upper_case_globals)]
    use super::Entry;
    include!(concat!(env!("OUT_DIR"), "/sets.rs"));
}
