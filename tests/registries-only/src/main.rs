//! A program whose plugins are entries of a registry, and nothing that has to be started.

treenail::compose!();

/// Whether a text has at most four letters.
fn is_short(text: &str) -> bool {
    text.chars().count() <= 4
}

/// Whether a text is not too long to be read in time.
struct Unhurried;

fn main() {
    let text = std::env::args().nth(1).unwrap_or_default();
    for line in registries::get::<api::Checks>().iter() {
        println!("{}: {}", line.key, (line.entry)(&text));
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Output};

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
    fn entries_with_services_are_left_out_and_say_which_feature_brings_them() {
        let checks = registries::get::<api::Checks>();
        for key in ["limited", "reached", "unhurried"] {
            let unknown = checks.get(key).err().expect("not there").to_string();
            assert!(unknown.contains("`lifecycle`"), "{unknown}");
        }
        assert_eq!(checks.left_out().count(), 3);
    }

    fn cargo(arguments: &str) -> Output {
        Command::new(env!("CARGO"))
            .args(arguments.split(' '))
            .arg("--offline")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs")
    }

    #[test]
    fn a_host_with_a_mistake_that_starts_an_application_is_told_both_once() {
        let output = cargo("check -p refused --message-format short");
        let told = String::from_utf8(output.stderr).expect("text");
        let errors = told
            .lines()
            .filter(|line| line.contains(".rs:") && line.contains(": error"));
        let errors: Vec<&str> = errors.collect();
        assert!(
            errors.len() == 2
                && errors[0].contains("unknown key `colour`")
                && errors[1].contains("without its feature `lifecycle`"),
            "{told}"
        );
    }

    #[test]
    fn nothing_else_of_treenail_is_linked() {
        let tree = cargo("tree --edges normal,no-proc-macro --prefix none");
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
