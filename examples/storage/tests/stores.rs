//! Storages by their URIs, and what is said of URIs that open none.

use opendal_core::{ErrorKind, Result};
use storage::open;

/// Writes, reads and lists.
async fn kept(uri: &str) -> Result<(String, Vec<String>)> {
    let store = open(uri)?;
    store.write("notes/today.txt", "rain").await?;
    let text = store.read("notes/today.txt").await?.to_vec();
    let listed = store.list("notes/").await?;
    let paths = listed.iter().map(|entry| entry.path().to_owned());
    let files = paths.filter(|path| path.ends_with(".txt")).collect();
    Ok((String::from_utf8_lossy(&text).into_owned(), files))
}

/// What is said of a URI that opens nothing.
fn refused(uri: &str) -> (ErrorKind, String) {
    let error = open(uri).expect_err("no storage");
    (error.kind(), error.to_string())
}

async fn keeps(uri: &str) {
    let kept = kept(uri).await.expect("a storage");
    assert_eq!(
        kept,
        ("rain".to_owned(), vec!["notes/today.txt".to_owned()]),
        "{uri}"
    );
}

#[tokio::test]
async fn services_keep_what_is_written() {
    keeps("memory://").await;
    #[cfg(feature = "moka")]
    keeps("moka:///cache?max_capacity=1000").await;
    #[cfg(feature = "dashmap")]
    keeps("dashmap://").await;
}

#[cfg(feature = "fs")]
#[tokio::test]
async fn both_schemes_of_the_file_system_open_the_same_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display();
    keeps(&format!("fs://{path}")).await;
    let other = open(&format!("file://{path}")).expect("a storage");
    let text = other.read("notes/today.txt").await.expect("a file");
    assert_eq!(text.to_vec(), b"rain");
}

#[test]
fn an_unknown_scheme_is_told_what_was_probably_meant() {
    let (kind, said) = refused("memroy://");
    assert_eq!(kind, ErrorKind::Unsupported);
    let expected = "nothing in `storage::Stores` is called `memroy`: did you mean `memory`? There ";
    assert!(said.contains(expected), "{said}");
}

#[cfg(not(feature = "dashmap"))]
#[test]
fn a_service_that_is_off_is_told_with_its_feature() {
    let (kind, said) = refused("dashmap://");
    assert_eq!(kind, ErrorKind::Unsupported);
    let expected = "`dashmap` is not in this program: build it with `--features dashmap`";
    assert!(said.contains(expected), "{said}");
}

#[cfg(not(feature = "fs"))]
#[test]
fn each_scheme_of_a_service_that_is_off_is_told_with_its_feature() {
    for scheme in ["fs", "file"] {
        let (kind, said) = refused(&format!("{scheme}:///tmp"));
        assert_eq!(kind, ErrorKind::Unsupported);
        let expected = format!("`{scheme}` is not in this program: build it with `--features fs`");
        assert!(said.contains(&expected), "{said}");
    }
}

#[cfg(feature = "moka")]
#[test]
fn an_option_of_the_wrong_kind_is_told_by_the_service() {
    let (kind, said) = refused("moka://?max_capacity=many");
    assert_eq!(kind, ErrorKind::ConfigInvalid);
    assert!(said.contains("max_capacity"), "{said}");
}

#[cfg(feature = "fs")]
#[test]
fn an_option_that_is_missing_is_told_by_the_service() {
    let (kind, said) = refused("fs://");
    assert_eq!(kind, ErrorKind::ConfigInvalid);
    assert!(said.contains("root is not specified"), "{said}");
}

#[test]
fn text_that_is_no_uri_is_told() {
    assert_eq!(refused("memory://[").0, ErrorKind::ConfigInvalid);
}

#[test]
fn the_schemes_of_this_build_are_those_of_its_features() {
    let mut expected = vec!["memory"];
    #[cfg(feature = "dashmap")]
    expected.push("dashmap");
    #[cfg(feature = "fs")]
    expected.extend(["file", "fs"]);
    #[cfg(feature = "moka")]
    expected.push("moka");
    expected.sort_unstable();
    assert_eq!(storage::schemes().collect::<Vec<_>>(), expected);
}
