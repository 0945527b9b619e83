//! What has to be so when a version is published, and may be otherwise before. `.ci/publish` asks for it.

use published::{packages, root, text};

#[test]
#[ignore = "only a release has to name the repository"]
fn the_repository_is_named() {
    for package in packages() {
        let repository = text(&package, "repository");
        assert!(
            !repository.contains(".invalid/"),
            "`repository` in Cargo.toml is still the placeholder {repository}: write the address of the repository there"
        );
    }
}

#[test]
#[ignore = "only a release has its date"]
fn the_changelog_has_the_date_of_the_version() {
    let changelog = std::fs::read_to_string(root().join("CHANGELOG.md")).expect("a changelog");
    let version = packages()[0]["version"].clone();
    let version = version.as_str().expect("a version");
    let start = format!("## [{version}] - ");
    let date = changelog.lines().find_map(|line| line.strip_prefix(&start));
    let is_date = |date: &str| {
        let parts: Vec<usize> = date.split('-').map(str::len).collect();
        parts == [4, 2, 2] && date.chars().all(|it| it == '-' || it.is_ascii_digit())
    };
    assert!(
        date.is_some_and(is_date),
        "CHANGELOG.md has no line `{start}YYYY-MM-DD`: write when the version is published"
    );
}
