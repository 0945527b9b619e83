//! A program whose plugins are entries of a registry, and nothing that has to be started.

treenail::compose!();

/// Whether a text has at most four letters.
fn is_short(text: &str) -> bool {
    text.chars().count() <= 4
}

fn main() {
    let text = std::env::args().nth(1).unwrap_or_default();
    for line in registries::get::<api::Checks>().iter() {
        println!("{}: {}", line.key, (line.entry)(&text));
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn entries_of_all_crates_are_there_without_an_application() {
        let checks = registries::get::<api::Checks>();
        let keys: Vec<&str> = checks.keys().collect();
        assert_eq!(keys, ["capital", "digits", "short"]);
        let passed = |key: &str, text: &str| checks.get(key).expect("an entry")(text);
        assert!(passed("capital", "Ada") && !passed("capital", "ada"));
        assert!(passed("digits", "12") && passed("short", "Ada"));
    }

    #[test]
    fn an_entry_with_services_is_left_out_and_says_which_feature_brings_it() {
        let checks = registries::get::<api::Checks>();
        let unknown = checks.get("limited").err().expect("not there").to_string();
        assert!(unknown.contains("`lifecycle`"), "{unknown}");
        assert_eq!(checks.left_out().count(), 1);
    }

    #[test]
    fn nothing_else_of_treenail_is_linked() {
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal,no-proc-macro",
                "--prefix",
                "none",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo tree");
        let tree = String::from_utf8(tree.stdout).expect("text");
        let mut packages: Vec<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        packages.sort_unstable();
        packages.dedup();
        assert_eq!(
            packages,
            [
                "api",
                "names",
                "numbers",
                "registries-only",
                "treenail",
                "treenail-core"
            ]
        );
    }
}
