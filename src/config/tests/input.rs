//! Files that are no configuration: a clear refusal for each, never a panic, and never a long wait.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::base::tests::TABLE;
use crate::config::configure;
use crate::{ConfigError, Settings};

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("treenail-input-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let file = self.0.join("app.yml");
        std::fs::write(&file, bytes).expect("a file");
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn refused(file: &Path) -> ConfigError {
    let began = Instant::now();
    let settings = Settings::file(file).map(|settings| settings.environment([("A", "b")]));
    let error = settings
        .and_then(|settings| configure(&TABLE, &settings).map(drop))
        .expect_err("it is no configuration");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "it took too long"
    );
    error
}

/// Exactly one problem, with this code, these words, and the name of the file.
fn assert_refused(file: &Path, code: &str, words: &str) {
    let error = refused(file);
    let shown = error.to_string();
    assert!(shown.len() < 2000, "{} bytes", shown.len());
    assert_eq!(error.problems().len(), 1, "{shown}");
    assert_eq!(error.problems()[0].kind().code(), code, "{shown}");
    assert!(shown.contains(words), "{words:?} is not in\n{shown}");
    let place = error.problems()[0].place().expect("a place");
    assert_eq!(place.source, file.display().to_string());
}

fn laughs() -> String {
    let line = |n: usize| {
        let item = format!("*a{}", n - 1);
        format!("a{n}: &a{n} [{}]\n", vec![item; 9].join(", "))
    };
    format!("a0: &a0 lol\n{}", (1..40).map(line).collect::<String>())
}

#[test]
fn what_is_no_configuration_is_refused_in_words() {
    let folder = Folder::new("words");
    let laughs = laughs();
    let merged = (1..40)
        .map(|n| format!("a{n}: &a{n} {{ <<: [*a{0}, *a{0}], k{n}: *a{0} }}\n", n - 1))
        .collect::<String>();
    let merged = format!("a0: &a0 {{ lol: lol }}\n{merged}");
    let rows: &[(&[u8], &str, &str)] = &[
        (b"shop: \xff\xfe", "unreadable", "not UTF-8"),
        (b"\xff\xfes\0h\0o\0p\0", "unreadable", "not UTF-8"),
        (b"shop: [", "yaml", "not a YAML file"),
        (b"shop: 'open", "yaml", "not a YAML file"),
        (b"shop:\n\t- tab", "yaml", "not a YAML file"),
        (b"shop: *nobody", "yaml", "unknown anchor"),
        (b"shop: {}\nshop: {}", "yaml", "duplicate"),
        (
            b"shop: {}\n---\nshop: {}\n",
            "yaml",
            "more than one document",
        ),
        (b"\0\x01\x02\x03", "yaml", "not a YAML file"),
        (b"- a\n- b\n", "yaml", "the file holds no map"),
        (b"just text", "yaml", "the file holds no map"),
        (b"? [a, b]\n: c\n", "yaml", "key"),
        (laughs.as_bytes(), "yaml", "repetition limit"),
        (merged.as_bytes(), "yaml", "repetition limit"),
        (b"", "missing-root", "`shop` is missing"),
        (b"# nothing but a remark\n", "missing-root", "`shop`"),
        (b"---\n", "missing-root", "`shop`"),
    ];
    for (bytes, code, words) in rows {
        assert_refused(&folder.file(bytes), code, words);
    }
}

#[test]
fn ten_megabytes_of_nesting_are_refused_at_once() {
    const SIZE: usize = 10_000_000;
    let folder = Folder::new("nesting");
    let steps: String = (0..4400)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    for text in [
        "[".repeat(SIZE),
        "{a: ".repeat(SIZE / 4),
        "- ".repeat(SIZE / 2),
        "? ".repeat(SIZE / 2),
        steps,
    ] {
        assert_refused(&folder.file(text.as_bytes()), "yaml", "nested too deep");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_name() {
    let folder = Folder::new("reading");
    assert_refused(&folder.0, "unreadable", "cannot read");
    assert_refused(&folder.0.join("missing.yml"), "unreadable", "cannot read");
    let under_a_file = folder.file(b"shop: {}").join("below.yml");
    assert_refused(&under_a_file, "unreadable", "cannot read");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("permission");
    let file = folder.file(b"shop: {}");
    let locked = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(&file, locked).expect("permissions");
    if std::fs::read(&file).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    assert_refused(&file, "unreadable", "ermission");
}

#[test]
fn an_unknown_root_key_is_refused_with_the_known_one() {
    let folder = Folder::new("root");
    let error = refused(&folder.file(b"shopp: { services: {} }\n"));
    let codes: Vec<&str> = error
        .problems()
        .iter()
        .map(|problem| problem.kind().code())
        .collect();
    assert_eq!(codes, ["unknown-key"], "{error}");
    assert!(
        error.to_string().contains("did you mean `shop`?"),
        "{error}"
    );
}
