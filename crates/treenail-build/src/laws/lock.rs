//! The lock: what is composed from it is what is composed of Cargo's answer, byte by byte, at every point; and one that is not of
//! this package, as it is now, composes nothing.

mod tree;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::front::composer::Composer;
use crate::front::locked::compose_lock;
use tree::{TARGET, Tree, assert_same, builds, features, told};

#[test]
fn a_lock_composes_what_cargo_does_at_every_point() {
    let tree = Tree::locked();
    for (features, target) in builds() {
        for overlay in [None, Some("quiet")] {
            let composer = tree.composer().only_features(&features).target(target);
            let composer = overlay.into_iter().fold(composer, Composer::overlay);
            let (asked, locked) = (composer.compose(), composer.clone().locked().compose());
            assert_eq!(
                told(&asked),
                told(&locked),
                "{features:?} {target} {overlay:?}"
            );
            assert_same(asked.rust(), locked.rust());
            assert_eq!(asked.digest(), locked.digest());
            assert!(overlay.is_some() || locked.digest().is_some());
        }
    }
}

#[test]
fn a_lock_needs_neither_cargo_nor_the_files_of_others() {
    let tree = Tree::locked();
    let before = tree.composer().compose();
    for folder in [
        "api",
        "gzip",
        "hidden",
        "keys",
        "lone",
        "mail",
        "suite",
        "desk/Cargo.lock",
    ] {
        tree.remove(folder);
    }
    let locked = tree.locked_composition();
    assert_eq!(told(&locked), "");
    assert_same(locked.rust(), before.rust());
    // Cargo has no answer without them.
    let fallen_back = tree.composer().compose();
    assert!(
        told(&fallen_back).starts_with("TN0609: "),
        "{}",
        told(&fallen_back)
    );
    assert_same(fallen_back.rust(), before.rust());
    let looked_at = tree.composer().read_only().compose();
    assert!(
        told(&looked_at).starts_with("TN0101: "),
        "{}",
        told(&looked_at)
    );
}

#[test]
fn the_members_of_a_workspace_are_read_or_in_a_hermetic_lock() {
    let tree = Tree::new();
    tree.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"desk\"]\nresolver = \"3\"\n",
    );
    tree.remove("desk/Cargo.lock");
    let before = tree.composer().compose();
    let (lock, hermetic) = (tree.lock(false), tree.lock(true));
    assert!(!lock.contains("manifest-text"), "{lock}");
    tree.write("desk/plugins.lock", &lock);
    assert_same(tree.locked_composition().rust(), before.rust());
    // Elsewhere, and alone.
    fs::rename(tree.root().join("desk"), tree.root().join("alone")).expect("moved");
    for folder in ["suite", "mail", "Cargo.toml", "Cargo.lock"] {
        tree.remove(folder);
    }
    let alone = || {
        Composer::new(tree.root().join("alone"))
            .target(TARGET)
            .locked()
            .compose()
    };
    let refused = told(&alone());
    assert_eq!(refused.matches("TN0607").count(), 2, "{refused}");
    tree.write("alone/plugins.lock", &hermetic);
    let found = alone();
    assert_eq!(told(&found), "");
    assert_same(found.rust(), before.rust());
}

#[test]
fn a_lock_is_the_same_wherever_it_is_written() {
    let (one, other) = (Tree::new(), Tree::locked());
    assert_same(&one.lock(false), &other.lock(false));
    assert_same(&one.lock(false), &other.text("desk/plugins.lock"));
    let root = one.root().to_string_lossy().into_owned();
    assert!(!one.lock(true).contains(&root));
}

#[test]
fn a_lock_with_other_ends_of_lines_is_the_same() {
    let tree = Tree::locked();
    let before = tree.locked_composition();
    tree.write(
        "desk/plugins.lock",
        &tree.text("desk/plugins.lock").replace('\n', "\r\n"),
    );
    assert_eq!(told(&tree.locked_composition()), "");
    assert_same(tree.locked_composition().rust(), before.rust());
}

#[test]
fn a_lock_that_is_not_as_it_was_written_is_refused() {
    let whole = Tree::locked().text("desk/plugins.lock");
    let tree = Tree::new();
    let refused = |text: &str, expected: &str| {
        tree.write("desk/plugins.lock", text);
        let told = tree.told();
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(told.matches("TN0").count(), 1, "{told}");
    };
    for line in 0..whole.lines().count() {
        let cut: String = whole
            .lines()
            .take(line)
            .map(|line| format!("{line}\n"))
            .collect();
        refused(&cut, "TN0602: ");
    }
    refused(&whole.replace("1.4.2", "1.4.3"), "TN0602: ");
    refused(&whole.replace("id = \"mail\"", "id = \"post\""), "TN0602: ");
    refused(&whole.replace("version = 1\n", "version = 2\n"), "TN0603: ");
    let conflict = whole.replacen(
        "\n[[package]]",
        "\n<<<<<<< HEAD\n=======\n>>>>>>> other\n[[package]]",
        1,
    );
    refused(
        &conflict,
        "TN0602: `plugins.lock` has both sides of a merge",
    );
}

#[test]
fn a_lock_that_is_behind_composes_nothing_and_says_why() {
    let second = "name = \"desk-api\"\nversion = \"2.0.0\"\n[[package]]\nname = \"desk-api\"";
    let (manifest, cargo_toml, cargo_lock) =
        ("desk/plugins.toml", "desk/Cargo.toml", "desk/Cargo.lock");
    let mail = "mail/manifests/plugin.toml";
    let lone = "lone = { path = \"../lone\" }";
    let new = "[dependencies]\nsms = \"1\"";
    let other_features = "Cargo.toml says something else of features";
    // A file, what is changed in it, and what is then said of the lock.
    let changes = [
        (
            cargo_toml,
            "name = \"desk\"",
            "name = \"bureau\"",
            "of package `desk`, and not of `bureau`",
        ),
        (
            manifest,
            "suite:Chat",
            "mail:Mailer",
            "behind: `plugins.toml` has changed since",
        ),
        (
            mail,
            "crate::MIME",
            "crate::MULTI",
            "behind: the manifest of package `acme-mail` has changed",
        ),
        (
            cargo_toml,
            "[dependencies]",
            new,
            "behind: Cargo.toml has a new dependency `sms`",
        ),
        (
            cargo_toml,
            lone,
            "",
            "behind: Cargo.toml has no dependency `lone` any more",
        ),
        (
            cargo_toml,
            "features = [\"chat\"]",
            "default-features = false",
            other_features,
        ),
        (
            cargo_toml,
            "default = [\"mail\"]",
            "default = [\"fax\"]",
            other_features,
        ),
        (
            cargo_toml,
            "version = \"1.0.0\"",
            "version = \"1.1.0\"",
            "behind: package `desk` was 1.0.0, and is 1.1.0",
        ),
        (
            "suite/Cargo.toml",
            "chat = []",
            "chat = [\"hidden/x\"]",
            "behind: Cargo.toml of package `suite` says something else of features",
        ),
        (
            cargo_lock,
            "1.4.2",
            "1.5.0",
            "package `desk-api` was 1.4.2, and is 1.5.0 in Cargo.lock",
        ),
        (
            cargo_lock,
            "name = \"desk-api\"",
            second,
            "was 1.4.2, and is 1.4.2 and 2.0.0 in Cargo.lock",
        ),
    ];
    for (file, from, to, expected) in changes {
        let tree = Tree::locked();
        tree.change(file, from, to);
        let composed = tree.locked_composition();
        let told = told(&composed);
        assert!(
            told.lines()
                .next()
                .is_some_and(|title| title.contains(expected)),
            "{told}"
        );
        assert_eq!(told.matches("TN0").count(), 1, "{told}");
        assert!(told.contains("cargo treenail lock"), "{told}");
        assert_eq!(composed.digest(), None);
    }
}

#[test]
fn several_reasons_why_a_lock_is_behind_are_one_message() {
    let tree = Tree::locked();
    tree.change("desk/plugins.toml", "1.4.0", "1.5.0");
    tree.change("desk/Cargo.lock", "0.3.1", "0.3.2");
    let told = tree.told();
    assert_eq!(told.matches("TN0605").count(), 1, "{told}");
    assert!(
        told.contains("`acme-mail` was 0.3.1, and is 0.3.2 in Cargo.lock"),
        "{told}"
    );
}

#[test]
fn a_build_that_the_lock_does_not_know_is_told_how_it_would() {
    let tree = Tree::locked();
    let locked = |composer: Composer| told(&composer.locked().compose());
    let both = tree.composer().only_features(&features(&["fax", "gzip"]));
    let told = locked(both);
    assert!(
        told.starts_with(
            "TN0606: `plugins.lock` knows nothing of a build with the features `fax` and `gzip`"
        ),
        "{told}"
    );
    assert!(told.contains("features = [[\"fax\", \"gzip\"]]"), "{told}");
    let told = locked(tree.composer().target("aarch64-apple-darwin"));
    assert!(
        told.starts_with(
            "TN0606: `plugins.lock` knows nothing of the target `aarch64-apple-darwin`"
        ),
        "{told}"
    );
}

#[test]
fn a_build_that_asks_cargo_says_in_one_message_that_the_lock_is_behind() {
    let tree = Tree::locked();
    assert_eq!(told(&tree.composer().compose()), "");
    tree.change("desk/plugins.toml", "\"suite:Chat\"", "\"mail:Mailer\"");
    let composed = tree.composer().compose();
    assert!(
        told(&composed).starts_with("TN0608: "),
        "{}",
        told(&composed)
    );
    assert!(!composed.has_errors());
    tree.write("desk/plugins.lock", "<<<<<<< HEAD\n");
    assert!(told(&tree.composer().compose()).starts_with("TN0608: "));
    tree.change(
        "desk/plugins.toml",
        "[bind]",
        "[lints]\nlock_behind = \"allow\"\n[bind]",
    );
    assert_eq!(told(&tree.composer().compose()), "");
}

#[test]
fn a_host_that_says_locked_is_composed_from_its_lock() {
    let tree = Tree::new();
    tree.change("desk/plugins.toml", "[host]", "[host]\nlocked = true");
    assert!(told(&tree.composer().compose()).starts_with("TN0601: "));
    tree.write("desk/plugins.lock", &tree.lock(false));
    assert_eq!(told(&tree.composer().compose()), "");
    tree.change("desk/Cargo.lock", "0.3.1", "0.3.2");
    assert!(told(&tree.composer().compose()).starts_with("TN0605: "));
}

#[test]
fn a_composition_with_mistakes_is_not_locked() {
    let tree = Tree::new();
    tree.change(
        "desk/plugins.toml",
        "{ feature = \"gzip\" }",
        "{ feature = \"gzip\" }, priority = 1.5",
    );
    assert_eq!(tree.composer().lock(false).text, None);
    let tree = Tree::new();
    tree.change(
        "desk/plugins.toml",
        "[[\"gzip\", \"mail\"]]",
        "[[\"gzip\", \"male\"]]",
    );
    let refused = tree.composer().lock(false).composed;
    assert!(told(&refused).contains("`male`"), "{}", told(&refused));
}

#[test]
fn a_manifest_of_any_text_comes_back() {
    let texts = [
        "\"",
        "\"\"\"\"\"\"",
        "\\",
        "\\\"",
        "\t\tb",
        "'''",
        "x\"",
        "é\u{feff}\u{2028}",
        "\\u0041 \\n",
        "\"\"\"",
    ];
    let tree = Tree::new();
    let comments = texts.map(|text| format!("# {text}\n")).concat();
    let manifest = tree.text("suite/plugins.toml") + &comments + "\r\n# \"";
    tree.write("suite/plugins.toml", &manifest);
    let before = tree.composer().compose();
    tree.write("desk/plugins.lock", &tree.lock(true));
    tree.remove("suite");
    assert_eq!(tree.told(), "");
    assert_same(tree.locked_composition().rust(), before.rust());
}

#[test]
fn a_lock_is_composed_wherever_its_package_is() {
    let tree = Tree::locked();
    let before = tree.composer().compose();
    let none = |_: &Path| None;
    let refused = compose_lock(&tree.text("desk/plugins.lock"), &none).expect_err("no manifest");
    assert!(told(&refused).starts_with("TN0607: "), "{}", told(&refused));
    let read = |path: &Path| fs::read(tree.root().join("desk").join(path)).ok();
    let text = tree.text("desk/plugins.lock");
    let all = compose_lock(&text, &read).expect("compositions");
    assert_eq!(all.len(), builds().len());
    assert_same(all[0].composed.rust(), before.rust());
    let all = compose_lock(&tree.lock(true), &none).expect("compositions");
    assert_same(all[0].composed.rust(), before.rust());
    assert!(compose_lock(&text.replace("1.4.2", "1.4.3"), &read).is_err());
}

#[test]
fn the_lock_keeps_what_manifests_can_name_and_no_more() {
    let lock = Tree::new().lock(false);
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = "));
    let names: BTreeSet<&str> = names.collect();
    let expected = [
        "acme-mail",
        "desk",
        "desk-api",
        "gzip",
        "hidden",
        "registry-keys",
        "suite",
    ];
    let expected: Vec<String> = expected.iter().map(|name| format!("{name:?}")).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
}
