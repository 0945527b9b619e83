//! Committed code beside a manifest that it was not generated from.

treenail::__generated! {
format 1; built by "0.1.0";
in place of [] [];
needs [];

const _: () = ::treenail::__private::assert_digest(
    ::core::include_bytes!("two_providers.toml"),
    "00000000000000000000000000000000",
    "two_providers.toml has changed since src/treenail.rs was generated from it: run `cargo treenail generate`",
);
}

fn main() {}
