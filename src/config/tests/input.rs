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
        (laughs.as_bytes(), "repeated-too-often", "more than 16 MiB"),
        (merged.as_bytes(), "repeated-too-often", "more than 16 MiB"),
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
        let file = folder.file(text.as_bytes());
        assert_refused(&file, "nested-too-deep", "more than 128 inside each other");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_unless_the_program_reads_such_files() {
    let folder = Folder::new("large");
    let file = folder.file(b"shop: {}\n");
    let longer = |size: u64| {
        let opened = std::fs::File::options().append(true).open(&file);
        let opened = opened.expect("a file");
        opened.set_len(size).expect("a hole");
    };
    let code = |up_to: u64| match Settings::files_up_to(up_to, [&file]) {
        Ok(_) => "read",
        Err(error) => error.problems()[0].kind().code(),
    };
    assert_eq!((code(9), code(8)), ("read", "file-too-large"));
    longer((16 << 20) + 1);
    assert_refused(&file, "file-too-large", "no more than 16 MiB");
    assert_refused(&file, "file-too-large", "`Settings::files_up_to`");
    // A hole is read as NUL.
    assert_eq!(code((16 << 20) + 1), "yaml");
    let dotenv = folder.0.join(".env");
    longer((1 << 20) + 1);
    std::fs::rename(&file, &dotenv).expect("another name");
    folder.file(b"shop: {}\n");
    let error = refused(&file);
    let place = error.problems()[0].place().expect("a place");
    assert_eq!(place.source, dotenv.display().to_string());
    assert!(error.to_string().contains("no more than 1 MiB"), "{error}");
}

#[test]
fn what_is_brought_in_may_be_more_where_the_program_reads_larger_files() {
    let folder = Folder::new("brought-in");
    let aliases = "*a,".repeat(20_000);
    let file = folder.file(format!("a: &a {}\nb: [{aliases}]\n", "x".repeat(1000)).as_bytes());
    assert_refused(&file, "repeated-too-often", "more than 16 MiB");
    Settings::files_up_to(64 << 20, [file]).expect("four times as much");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_name() {
    let folder = Folder::new("reading");
    assert_refused(&folder.0, "unreadable", "cannot read");
    assert_refused(&folder.0.join("missing.yml"), "unreadable", "cannot read");
    let under_a_file = folder.file(b"shop: {}").join("below.yml");
    assert_refused(&under_a_file, "unreadable", "cannot read");
}

/// Makes what has the name of a file, and is none.
#[cfg(unix)]
type Make = fn(&Path) -> std::io::Result<()>;

/// What is said of each.
#[cfg(unix)]
const NO_FILES: [(&str, Make); 6] = {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    [
        ("a pipe", |path| {
            let made = std::process::Command::new("mkfifo").arg(path).status();
            made.map(|status| assert!(status.success()))
        }),
        ("a device", |path| symlink("/dev/zero", path)),
        ("a device", |path| symlink("/dev/null", path)),
        ("a directory", |path| std::fs::create_dir(path)),
        ("a socket", |path| UnixListener::bind(path).map(drop)),
        ("a link to `nowhere`, which cannot be reached", |path| {
            symlink("nowhere", path)
        }),
    ]
};

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_at_once_in_the_place_of_each_file() {
    for (number, (words, make)) in NO_FILES.into_iter().enumerate() {
        let folder = Folder::new(&format!("no-file-{number}"));
        let file = folder.0.join("app.yml");
        make(&file).expect("made");
        let words = format!("it is {words}, and a file is expected");
        assert_refused(&file, "unreadable", &words);
        assert_refused(&file, "unreadable", "write the configuration to a file");

        let folder = Folder::new(&format!("no-dotenv-{number}"));
        let file = folder.file(b"shop: {}");
        let dotenv = folder.0.join(".env");
        make(&dotenv).expect("made");
        let error = refused(&file);
        assert_eq!(error.problems().len(), 1, "{error}");
        let problem = &error.problems()[0];
        let place = problem.place().expect("a place");
        assert_eq!(place.source, dotenv.display().to_string());
        assert!(problem.message().ends_with(&words), "{problem}");
        let help = problem.help().expect("help");
        assert!(help.contains("sets variables"), "{help}");
    }
}

#[cfg(unix)]
#[test]
fn links_to_files_are_read_and_those_in_a_circle_are_not() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("links");
    let file = folder.file(b"shop: {}");
    let link = folder.0.join("link.yml");
    symlink(&file, &link).expect("a link");
    Settings::file(&link).expect("a file");
    let circle = folder.0.join("circle.yml");
    symlink("circle.yml", &circle).expect("a link");
    assert_refused(&circle, "unreadable", "a link to `circle.yml`");
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
