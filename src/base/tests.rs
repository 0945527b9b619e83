//! The pipes of `base` at work, on a composition written by hand.

mod example;
mod finally;
mod pipeline;
mod reload;

pub(crate) use example::TABLE;

#[test]
fn the_generated_code_is_current() {
    treenail_build::testing::assert_generated();
}
