//! Mistakes of embedders and authors that only rustc can show: the words are ours, the places are theirs.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
