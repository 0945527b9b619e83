//! What a registry shows of each crate.

use std::collections::BTreeSet;
use std::fs;

use published::{PUBLISHED, folder, packages, root, text};

#[test]
fn these_crates_are_published_and_no_others() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|it| text(it, "name")).collect();
    assert_eq!(names, PUBLISHED.into());
}

#[test]
fn each_says_what_it_is_and_where_more_is_said() {
    for package in packages() {
        let name = text(&package, "name");
        for key in ["description", "license", "rust_version", "homepage"] {
            assert!(!text(&package, key).is_empty(), "{name} has no {key}");
        }
        let documentation = format!("https://docs.rs/{name}");
        assert_eq!(text(&package, "documentation"), documentation);
        let words = |key: &str| package[key].as_array().expect("a list").len();
        assert!((1..=5).contains(&words("keywords")), "{name}: keywords");
        assert!((1..=5).contains(&words("categories")), "{name}: categories");
    }
}

#[test]
fn each_lies_in_one_repository() {
    let packages = packages();
    let repositories = packages.iter().map(|it| text(it, "repository"));
    let repositories: BTreeSet<&str> = repositories.collect();
    assert_eq!(repositories.len(), 1, "{repositories:?}");
    assert!(repositories.iter().all(|it| it.starts_with("https://")));
}

#[test]
fn each_has_a_page_and_the_texts_of_the_licences() {
    for package in packages() {
        let folder = folder(&package);
        let page = fs::read_to_string(folder.join(text(&package, "readme")));
        let title = format!("# {}\n", text(&package, "name"));
        assert!(page.expect("a page").starts_with(&title), "{title}");
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let there = fs::read_to_string(folder.join(licence)).ok();
            let whole = fs::read_to_string(root().join(licence)).ok();
            assert!(there.is_some() && there == whole, "{title}{licence}");
        }
    }
}
