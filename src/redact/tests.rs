//! What is found, what is not, and how long a redactor remembers.

use std::io::Write as _;

use proptest::prelude::*;

use super::redactor::{MOST_RENDERED, Redactor};
use crate::Error;

fn knows(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    secrets.iter().for_each(|secret| redactor.learn(secret));
    redactor
}

#[test]
fn a_secret_is_found_as_it_is_quoted_and_in_a_url() {
    let redactor = knows(&["p\"ss wörd", "p\"ss", "no"]);
    for (text, clean) in [
        ("it is p\"ss wörd, no?", "it is ***, no?"),
        ("it is p\"ss", "it is ***"),
        (r#"{"a": "p\"ss wörd"}"#, r#"{"a": "***"}"#),
        ("http://x/?q=p%22ss%20w%C3%B6rd&r=1", "http://x/?q=***&r=1"),
        ("nothing", "nothing"),
    ] {
        assert_eq!(redactor.redact(text), clean);
    }
    assert!(!format!("{redactor:?}").contains("ss"));
}

#[test]
fn an_error_keeps_its_type_unless_it_shows_a_secret() {
    let redactor = knows(&["hush"]);
    let fine = || Error::from(std::io::Error::other("refused")).context("connecting");
    let kept = redactor.redact_error(fine());
    assert!(kept.downcast_ref::<std::io::Error>().is_some());
    let shown = Error::from(std::io::Error::other("user:hush")).context("connecting as hush");
    let clean = redactor.redact_error(shown.context("starting"));
    assert_eq!(
        format!("{clean:#}"),
        "starting: connecting as ***: user:***"
    );
    assert!(!format!("{clean:?}").contains("hush"));
}

#[test]
fn rendered_values_are_remembered_for_a_while_and_written_ones_for_ever() {
    let redactor = knows(&["for ever"]);
    for number in 0..=MOST_RENDERED {
        redactor.learn_rendered(&format!("value {number};"));
    }
    assert_eq!(redactor.redact("for ever"), "***");
    assert_eq!(redactor.redact(&format!("value {MOST_RENDERED};")), "***");
    assert_eq!(redactor.redact("value 0;"), "value 0;");
}

/// With letters that every notation has to escape in its own way, and some that need more than one byte.
const AWKWARD: &str = "kiwi/7 \"q\\z&ü<😀>";

/// One way to write a text.
type Notation = fn(&str) -> String;

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// JSON as those write it who trust nothing but ASCII letters.
fn json_of_numbers(text: &str, upper: bool) -> String {
    let unit = |unit: u16| match (u8::try_from(unit), upper) {
        (Ok(byte), _) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        (_, true) => format!("\\u{unit:04X}"),
        (_, false) => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(unit).collect()
}

fn percent(text: &str, upper: bool) -> String {
    let byte = |byte: u8| match upper {
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        true => format!("%{byte:02X}"),
        false => format!("%{byte:02x}"),
    };
    text.bytes().map(byte).collect()
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// By the book, and not in the way of the code that is tested.
fn base64(text: &str, alphabet: &[u8; 64]) -> String {
    let bits: String = text.bytes().map(|byte| format!("{byte:08b}")).collect();
    let groups = bits.as_bytes().chunks(6);
    let letter = |group: &[u8]| {
        let bits = format!("{:0<6}", String::from_utf8_lossy(group));
        let number = usize::from_str_radix(&bits, 2).expect("bits");
        char::from(alphabet[number])
    };
    let mut text: String = groups.map(letter).collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

const NOTATIONS: &[(&str, Notation)] = &[
    ("as it is", str::to_owned),
    ("in capitals", |text| text.to_uppercase()),
    ("as Debug prints it", |text| format!("{text:?}")),
    ("escaped for Rust", |text| text.escape_default().to_string()),
    ("as numbers of Unicode", |text| {
        text.escape_unicode().to_string()
    }),
    ("JSON", json),
    ("JSON with escaped slashes", |text| {
        json(text).replace('/', "\\/")
    }),
    ("JSON of numbers", |text| json_of_numbers(text, false)),
    ("JSON of numbers in capitals", |text| {
        json_of_numbers(text, true)
    }),
    ("in a URL", |text| percent(text, true)),
    ("in a URL, in small letters", |text| percent(text, false)),
    ("in a form", |text| percent(text, true).replace("%20", "+")),
    ("with plus signs alone", |text| text.replace(' ', "+")),
    ("HTML", html),
    ("HTML of numbers", |text| {
        text.chars()
            .map(|letter| format!("&#{};", u32::from(letter)))
            .collect()
    }),
    ("bytes as Debug prints them", |text| {
        format!("{:?}", text.as_bytes())
    }),
    ("bytes, one a line", |text| {
        format!("{:#?}", text.as_bytes())
    }),
    ("bytes as hexadecimal digits", |text| {
        text.bytes().map(|byte| format!("{byte:02X}")).collect()
    }),
    ("bytes as a byte string", |text| {
        text.as_bytes().escape_ascii().to_string()
    }),
    ("on two lines", |text| text.replacen('7', "7\n", 1)),
    ("without its last letter", |text| {
        let mut letters = text.chars();
        letters.next_back();
        letters.as_str().to_owned()
    }),
    ("Base64", |text| base64(text, super::needle::STANDARD)),
    ("Base64 for URLs, without padding", |text| {
        base64(text, super::needle::FOR_URLS)
            .trim_end_matches('=')
            .to_owned()
    }),
    ("Base64 of a user and a password", |text| {
        base64(&format!("ada:{text}\n"), super::needle::STANDARD)
    }),
    ("Base64 of a longer user and a password", |text| {
        base64(&format!("adam:{text}"), super::needle::FOR_URLS)
    }),
    ("Base64 on several lines", |text| {
        let text = base64(&format!("x:{text}"), super::needle::STANDARD);
        let lines = text.as_bytes().chunks(7);
        let lines = lines.map(|line| String::from_utf8_lossy(line).into_owned());
        lines.collect::<Vec<_>>().join("\r\n")
    }),
];

/// What could be read of a secret by somebody who knows the notation: the longest run of its letters that is left.
fn left(clean: &str, written: &str) -> usize {
    let letters: Vec<char> = written.chars().filter(|letter| *letter != '\n').collect();
    let clean: String = clean.chars().filter(|letter| *letter != '\n').collect();
    let run = |start: usize| {
        (1..=letters.len() - start)
            .take_while(|length| {
                clean.contains(&letters[start..start + length].iter().collect::<String>())
            })
            .last()
    };
    (0..letters.len()).filter_map(run).max().unwrap_or_default()
}

#[test]
fn a_secret_is_found_in_every_notation_and_in_every_notation_inside_another_one() {
    let redactor = knows(&[AWKWARD]);
    for (name, notation) in NOTATIONS {
        let written = notation(AWKWARD);
        let clean = redactor
            .redact(&format!("before {written} behind"))
            .into_owned();
        assert!(
            clean.starts_with("before ") && clean.ends_with(" behind"),
            "{name}: {clean}"
        );
        assert!(clean.contains("***"), "{name}: {clean}");
        // Of Base64 the letters are left that belong to what stands around it, too.
        assert!(
            left(&clean[7..clean.len() - 7], &written) < 12,
            "{name}: {clean}"
        );
        for (outer, around) in &NOTATIONS[2..15] {
            let twice = around(&written);
            let clean = redactor.redact(&twice);
            assert!(clean.contains("***"), "{name}, {outer}: {twice} is {clean}");
            assert!(
                clean.len() < twice.len(),
                "{name}, {outer}: {twice} is {clean}"
            );
        }
    }
}

#[test]
fn a_short_secret_is_found_as_it_is_and_takes_nothing_else_with_it() {
    let redactor = knows(&["test", "a b", "no", "x"]);
    for (text, clean) in [
        ("the test!", "the ***!"),
        ("t%65st, t\\u0065st", "***, ***"),
        ("a+b, a%20b, a b", "***, ***, ***"),
        (
            "Test, late station, te\nst, tes",
            "Test, late station, te\nst, tes",
        ),
        ("ab, a  b, no, x", "ab, a  b, no, x"),
        ("Basic YTp0ZXN0", "Basic YTp***"),
    ] {
        assert_eq!(redactor.redact(text), clean);
    }
}

#[test]
fn what_only_looks_like_an_escape_is_left_alone() {
    let redactor = knows(&["hunter2"]);
    for text in [
        "\\",
        "\\u",
        "\\u00",
        "\\ud83d",
        "\\ud83d\\u0041",
        "\\u{",
        "\\u{110000}",
        "\\u{}",
        "\\x",
        "\\xf",
        "%",
        "%4",
        "%zz",
        "%c3",
        "%c3%28",
        "%f0%9f",
        "&",
        "&;",
        "&#;",
        "&#x;",
        "&#x110000;",
        "&amp",
        "&nosuchthing;",
        "+",
        "ü😀",
        "C:\\users\\new",
        "100 % + 5 &c.",
    ] {
        assert_eq!(redactor.redact(text), text);
        assert_eq!(
            redactor.redact(&format!("{text}hunter2")),
            format!("{text}***")
        );
        assert_eq!(
            redactor.redact(&format!("hunter2{text}")),
            format!("***{text}")
        );
    }
}

#[test]
fn each_line_of_a_secret_counts_and_the_frame_of_a_key_does_not() {
    let key =
        "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n  hkiG9w0BAQEFAASC\n=Ab1\n-----END KEY-----\n";
    let redactor = knows(&[key]);
    assert_eq!(redactor.redact(&format!("it is {key}.")), "it is ***\n.");
    assert_eq!(
        redactor.redact(&format!("it is {key:?}.")),
        "it is \"***\\n\"."
    );
    let clean = "-----BEGIN KEY-----, ***, ***, =Ab1";
    let lines = "-----BEGIN KEY-----, MIIEvQIBADANBgkq, hkiG9w0BAQEFAASC, =Ab1";
    assert_eq!(redactor.redact(lines), clean);
}

#[test]
fn what_was_cut_off_is_hidden_where_it_is_the_larger_half() {
    let redactor = knows(&["opensesame-4711"]);
    assert_eq!(redactor.redact("it is opensesa..."), "it is ***...");
    assert_eq!(redactor.redact("it is open-ended"), "it is open-ended");
    for (text, clean) in [
        ("it is open", "it is ***"),
        ("it is op", "it is op"),
        ("it is \\u006fpe", "it is ***"),
        ("it is opensesame\\u00", "it is ***"),
        ("it is open, really", "it is open, really"),
        ("b3BlbnNlc", "***"),
    ] {
        assert_eq!(redactor.redact_cut(text), clean);
    }
    let values = std::collections::BTreeSet::from(["https://desk.example/api".to_owned()]);
    let text = "no connection to https://desk.example:443";
    assert_eq!(Redactor::default().redact_with(text, &values), text);
}

proptest! {
    #[test]
    fn whatever_is_secret_is_in_no_text_any_more(
        secret in "[^*]{3,24}",
        before in "\\PC{0,12}",
        behind in "[\\\\%+&;#xu0-9a-fü{}]{0,12}",
    ) {
        let text = format!("{before}{secret}{behind}");
        let redactor = knows(&[&secret]);
        let secret = secret.trim();
        if secret.chars().count() >= 3 {
            prop_assert!(!redactor.redact(&text).contains(secret), "{text}");
            prop_assert!(!redactor.redact_cut(&text).contains(secret), "{text}");
            let debug = format!("{text:?}");
            prop_assert!(redactor.redact(&debug).contains("***"), "{debug}");
        }
    }
}

#[test]
fn a_long_text_without_secrets_is_looked_through_once() {
    let redactor = knows(&["aaaaaaaaaaaaaaab", "%25%25%25%25%25%25"]);
    for unit in ["a", "\\\\", "%25", "&amp;", "a+", "QUFB"] {
        let text = unit.repeat(1 << 13);
        let begun = std::time::Instant::now();
        let _ = redactor.redact(&text);
        assert!(
            begun.elapsed().as_secs() < 10,
            "{unit}: {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn a_writer_takes_secrets_out_of_whole_lines_however_they_come() {
    let redactor = knows(&["opensesame", "line number one\nline number two"]);
    let mut log = Vec::new();
    {
        let mut writer = redactor.writer(&mut log);
        for part in [
            "it is open",
            "sesame\nline number one\n",
            "line number two\nlast: opens",
            "esame",
        ] {
            writer.write_all(part.as_bytes()).expect("a vector");
        }
        writer.flush().expect("a vector");
        writer.write_all(b"\xff opensesame").expect("a vector");
    }
    assert_eq!(
        String::from_utf8_lossy(&log),
        "it is ***\n***\n***\nlast: ***\u{fffd} ***"
    );
    log.clear();
    redactor
        .writer(&mut log)
        .write_all(b"\xff\n")
        .expect("a vector");
    assert_eq!(log, b"\xff\n");
}

#[test]
fn a_configured_value_that_a_step_has_rendered_before_is_not_forgotten() {
    let redactor = Redactor::default();
    redactor.learn_rendered("hunter2");
    redactor.learn("hunter2");
    for number in 0..=MOST_RENDERED {
        redactor.learn_rendered(&format!("value {number};"));
    }
    assert_eq!(redactor.redact("hunter2"), "***");
}
