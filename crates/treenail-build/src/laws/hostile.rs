//! Manifests that somebody wrote to do harm, or a program by mistake: too much, too deep, and texts that try to get out of
//! where they stand. What is large is ten times as large in a release build.
//! Longer than other files: a test for every way to do harm.

use std::fmt::Write;

use crate::GraphFormat;
use crate::front::one_manifest::check_manifest;
use crate::testing::{Case, Outcome, Package};

/// How many bytes are many: 50 MB, or 5.
const SIZE: usize = if cfg!(debug_assertions) {
    5 << 20
} else {
    50 << 20
};

/// What a text would do if it got out.
const EVIL: &str = "evil_marker";

/// Texts that would end a string, a comment, a doc comment, a block or a line of a generated file.
const WAYS_OUT: &[&str] = &[
    "\"; evil_marker!(); \"",
    "\\\"); evil_marker!(); (\"",
    "\"# evil_marker!(); r#\"",
    "*/ evil_marker!(); /*",
    "\nevil_marker!();\n//",
    "\r\nevil_marker!();",
    "\u{2028}evil_marker!();",
    "} evil_marker!(); {",
    "{evil_marker}",
    "\\u{22}; evil_marker!();",
    "\u{202e}evil_marker\u{202c}",
    "]] evil_marker!() #[doc = \"",
    "\0evil_marker",
];

fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// A host with one plugin, whose manifests have something in them.
fn compose(host: &str, plugin: &str) -> Outcome {
    let host = format!("treenail = 1\n[host]\n{host}");
    let runtime = Package::new("treenail", "0.1.0").features(["config", "pipes"]);
    Case::new(Package::new("desk", "1.0.0").manifest(host))
        .with(Package::new("api", "1.0.0"))
        .with(runtime)
        .with(
            Package::new("mail", "1.0.0")
                .depends_on(["api", "treenail"])
                .manifest(plugin),
        )
        .compose()
}

/// Rust without what stands in strings and comments.
fn bare(rust: &str) -> String {
    let mut bare = String::new();
    let mut rest = rust;
    while let Some(at) = rest.find(['"', '/']) {
        bare.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(inside) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = inside.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else {
            bare.push('/');
            1
        };
        rest = &rest[end..];
    }
    bare + rest
}

/// What is generated is Rust, and nothing in it but strings and comments has the text.
fn check_contained(outcome: &Outcome, what: &str) {
    let rust = outcome.composed().rust();
    syn::parse_file(rust).unwrap_or_else(|error| panic!("{what}: {error}\n{rust}"));
    assert!(!bare(rust).contains(EVIL), "{what}:\n{rust}");
}

#[test]
fn a_text_stays_a_text_wherever_a_manifest_may_have_one() {
    for text in WAYS_OUT {
        let text = quoted(text);
        let plugin = format!(
            "treenail = 1\n[plugin]\nid = \"mail\"\ndescription = {text}\n[[component]]\ntype = \"crate::Mail\"\ndescription = {text}\nprovides = [\"dyn api::Mail\"]\n"
        );
        let outcome = compose("", &plugin);
        outcome.assert_codes([]);
        check_contained(&outcome, &text);
        let own = format!("[[component]]\ntype = \"crate::Own\"\ndescription = {text}\n");
        let mail = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mail\"\n";
        let outcome = compose(&own, mail);
        outcome.assert_codes([]);
        check_contained(&outcome, &text);
    }
}

#[test]
fn a_text_that_is_no_name_or_type_is_refused_where_one_belongs() {
    let plugin = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mail\"\n";
    for text in WAYS_OUT {
        let text = quoted(text);
        for host in [
            format!("root = {text}\n"),
            format!("api = {text}\n"),
            format!("[plugins]\n{text} = \"1\"\n"),
            format!("[plugins]\nmail = {text}\n"),
            format!("[bind]\n{text} = \"mail:Mail\"\n"),
            format!("[bind]\n\"dyn api::A\" = {text}\n"),
            format!("[alias]\n{text} = \"mail:Mail\"\n"),
            format!("[alias]\n\"old:Mail\" = {text}\n"),
            format!("[overlay.{text}.plugins]\n"),
            format!("[[component]]\ntype = {text}\n"),
            format!("[[component]]\ntype = \"crate::A\"\nname = {text}\n"),
            format!("[[component]]\ntype = \"crate::A\"\nconfig = {text}\n"),
            format!("[[component]]\ntype = \"crate::A\"\nprovides = [{text}]\n"),
            format!("[[component]]\ntype = \"crate::A\"\ndecorate = {text}\n"),
            format!("[[component]]\ntype = \"crate::A\"\nbefore = [{text}]\n"),
            format!(
                "[[component]]\ntype = \"crate::A\"\nrequires = {{ {text} = \"dyn api::A\" }}\n"
            ),
            format!("[[component]]\ntype = \"crate::A\"\nrequires = {{ a = {text} }}\n"),
            format!(
                "[[component]]\ntype = \"crate::A\"\nrequires = {{ a = {{ service = \"dyn api::A\", from = {text} }} }}\n"
            ),
            format!("{text} = 1\n"),
            format!("[{text}]\n"),
        ] {
            let outcome = compose(&host, plugin);
            assert!(outcome.composed().has_errors(), "{host}");
            check_contained(&outcome, &host);
            let told = outcome.text();
            let harmless =
                |c: char| c == '\n' || !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c);
            assert!(told.chars().all(harmless), "{told:?}");
        }
    }
}

#[test]
fn a_file_that_is_named_to_end_a_comment_does_not() {
    for text in WAYS_OUT {
        let plugin = Package::new("mail", "1.0.0");
        let plugin = plugin.manifest_file(
            *text,
            "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mail\"\n",
        );
        let host = Package::new("desk", "1.0.0").manifest("treenail = 1\n[host]\n");
        let outcome = Case::new(host).with(plugin).compose();
        outcome.assert_codes([]);
        check_contained(&outcome, text);
    }
}

#[test]
fn words_of_rust_are_no_names() {
    let words = "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match \
                 mod move mut pub ref return self Self static struct super trait true type unsafe use where while abstract \
                 become box do final macro override priv typeof unsized virtual yield try _ r#type";
    for word in words.split_whitespace() {
        for text in [
            format!("[[component]]\ntype = \"crate::A\"\nname = \"{word}\"\n"),
            format!(
                "[[component]]\ntype = \"crate::A\"\nrequires = {{ {word:?} = \"dyn api::A\" }}\n"
            ),
        ] {
            let text = format!("treenail = 1\n[plugin]\nid = \"a\"\n{text}");
            let messages = check_manifest("plugins.toml", text.as_bytes());
            let codes: Vec<&str> = messages.iter().map(|message| message.code).collect();
            assert_eq!(codes, ["TN0007"], "{text}");
        }
    }
    // Words in some places only are names in all others.
    for word in [
        "union",
        "auto",
        "raw",
        "macro_rules",
        "default",
        "inputs",
        "deps",
        "app",
        "inner",
    ] {
        let plugin = format!(
            "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::A\"\nname = \"{word}\"\nrequires = {{ {word} = {{ service = \"dyn api::A\", optional = true }} }}\n"
        );
        let outcome = compose("", &plugin);
        outcome.assert_codes([]);
        check_contained(&outcome, word);
    }
}

#[test]
fn letters_that_only_look_alike_are_no_names() {
    // A Cyrillic а, a full-width ｍ, a combining accent, a zero-width joiner.
    for name in [
        "m\u{430}il",
        "\u{ff4d}ail",
        "mai\u{301}l",
        "mail\u{200d}",
        "ma\u{ad}il",
    ] {
        for text in [
            format!("[plugin]\nid = \"{name}\"\n"),
            format!("[plugins]\n\"{name}\" = \"1\"\n"),
            format!("[alias]\n\"old:A\" = \"{name}:A\"\n"),
            format!("[[component]]\ntype = \"crate::{name}\"\n"),
            format!("[[component]]\ntype = \"crate::A\"\nname = \"{name}\"\n"),
            format!(
                "[[component]]\ntype = \"crate::A\"\nrequires = {{ \"{name}\" = \"dyn api::A\" }}\n"
            ),
            format!("[overlay.\"{name}\"]\n"),
        ] {
            let text = format!("treenail = 1\n{text}");
            let messages = check_manifest("plugins.toml", text.as_bytes());
            assert!(
                matches!(messages[0].code, "TN0007" | "TN0008"),
                "{text}: {messages:?}"
            );
        }
    }
}

#[test]
fn a_large_file_is_read_to_its_end() {
    let line = format!("# {}\n", "x".repeat(1021));
    let comments = line.repeat(SIZE / line.len());
    let text = format!("treenail = 1\n{comments}[hots]\n");
    let messages = check_manifest("plugins.toml", text.as_bytes());
    assert_eq!(messages.len(), 1);
    let place = format!("plugins.toml:{}:2", SIZE / line.len() + 2);
    assert_eq!(messages[0].place().as_deref(), Some(place.as_str()));

    let text = format!(
        "treenail = 1\n[plugin]\nid = \"{}\"\n",
        "a b".repeat(SIZE / 3)
    );
    let messages = check_manifest("plugins.toml", text.as_bytes());
    assert_eq!(messages[0].code, "TN0007");
    assert!(messages[0].text.len() < 10_000);
}

#[test]
fn a_mistake_in_every_line_is_a_thousand_messages_and_one_about_the_rest() {
    for (line, code) in [
        ("k{} = 1\n", "TN0002"),
        ("[[\n", "TN0001"),
        ("= \n", "TN0001"),
    ] {
        let mut text = "treenail = 1\n".to_owned();
        for number in 0..20_000 {
            text.push_str(&line.replace("{}", &number.to_string()));
        }
        let messages = check_manifest("plugins.toml", text.as_bytes());
        assert!(
            messages.len() <= 1000 && messages[0].code == code,
            "{line}: {}",
            messages.len()
        );
        if messages.len() == 1000 {
            assert!(messages[999].text.ends_with(" more mistakes are not shown"));
        }
    }
}

/// That messages are short whatever they are about, with the place of each.
fn places(text: &str) -> Vec<String> {
    let messages = check_manifest("plugins.toml", text.as_bytes());
    let place = |message: &crate::report::Message| {
        assert!(message.text.len() < 10_000, "{}", message.text.len());
        assert!(message.spans.iter().all(|span| span.line.len() < 20_000));
        message.place().expect("a place")
    };
    messages.iter().map(place).collect()
}

#[test]
fn of_a_line_too_long_to_show_the_places_are_told() {
    let long = "ü".repeat(SIZE / 4);
    let keys: String = (0..2000).map(|number| format!(", k{number} = 1")).collect();
    let text = format!("treenail = 1\nlints = {{ x = \"{long}\"{keys} }}\n");
    let places = places(&text);
    assert_eq!(places.len(), 1000);
    assert_eq!(places[0], "plugins.toml:2:15");
    let second = "lints = { x = \"\", k0 = ".chars().count() + SIZE / 4 + 1;
    assert_eq!(places[1], format!("plugins.toml:2:{second}"));
}

#[test]
fn places_that_are_far_apart_are_shown_without_what_is_between() {
    let component = "[[component]]\ntype = \"crate::A\"\n";
    let between = format!("# {}\n", "x".repeat(1021)).repeat(SIZE / 1024);
    let text = format!(
        "treenail = 1\n{component}{between}{}",
        component.repeat(1500)
    );
    let messages = check_manifest("plugins.toml", text.as_bytes());
    assert_eq!(messages.len(), 1000);
    for message in messages {
        assert!(message.text.len() < 1000, "{}", message.text);
        let first = message.text.contains("plugins.toml:3:8") && message.text.contains("the first");
        assert!(first, "{}", message.text);
    }
}

#[test]
fn long_names_are_compared_with_nothing() {
    let long = "k".repeat(SIZE / 100);
    let keys: String = (0..50)
        .map(|number| format!("{long}{number} = 1\n"))
        .collect();
    let text = format!(
        "treenail = 1\n{keys}[plugins]\n{}",
        keys.replace("= 1", "= \"1\"")
    );
    assert_eq!(places(&text).len(), 50);
    let host = format!("[plugins]\n{long}1 = \"1\"\n[alias]\nold = \"{long}2\"\n");
    let mail = format!("treenail = 1\n[plugin]\nid = \"{long}\"\n");
    compose(&host, &mail).assert_codes(["TN0105", "TN0105"]);
}

#[test]
fn long_chains_and_lists_are_followed_once() {
    let count = SIZE / 500;
    let lines = (0..count).map(|number| format!("p{number} = \"p{}\"\n", number + 1));
    let chain: String = lines.collect();
    let mail = "treenail = 1\n[plugin]\nid = \"mail\"\n";
    // Of such a chain, and of a ring, every line is wrong, and each is told in few words.
    for lines in [chain.clone(), format!("{chain}p{count} = \"p0\"\n")] {
        let outcome = compose(&format!("[alias]\n{lines}"), mail);
        assert_eq!(outcome.messages().len(), 1000);
        assert!(outcome.text().len() < 1_000_000);
    }
    let ids = (0..count).map(|number| format!("\"mail:A{}\", ", number / 2));
    let list: String = ids.collect();
    let text = format!(
        "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::A\"\nbefore = [\n{list}]\n"
    );
    let messages = check_manifest("plugins.toml", text.as_bytes());
    assert_eq!(messages.len(), 1000);
}

#[test]
fn many_overlays_that_change_nothing_are_one_composition() {
    let overlays =
        (0..SIZE / 5000).map(|number| format!("[overlay.o{number}]\nwhen = 'cfg(all())'\n"));
    let mail = "treenail = 1\n[plugin]\nid = \"mail\"\n";
    let outcome = compose(&overlays.collect::<String>(), mail);
    assert_eq!(outcome.messages().len(), 1000);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_line() {
    let text = "\u{feff}treenail = 1\n";
    assert!(places(&format!("{text}[plugin]\nid = \"mail\"\n")).is_empty());
    assert_eq!(places("\u{feff}treenial = 1\n"), ["plugins.toml:1:1"]);
    let messages = check_manifest("plugins.toml", "\u{feff}treenial = 1\n".as_bytes());
    assert_eq!(
        (
            messages[0].spans[0].line.as_str(),
            messages[0].spans[0].bytes.clone()
        ),
        ("treenial = 1", 3..11)
    );
}

#[test]
fn bytes_that_are_no_toml_are_one_message() {
    let utf16: Vec<u8> = "\u{feff}treenail = 1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [utf16, vec![0xff; SIZE / 4], vec![0; 1 << 16]] {
        let messages = check_manifest("plugins.toml", &bytes);
        let codes: Vec<&str> = messages.iter().map(|message| message.code).collect();
        assert_eq!(codes, ["TN0001"]);
        assert!(messages[0].text.len() < 10_000);
    }
}

/// A host with this many plugins, each with three requirements of earlier ones.
fn many(count: usize, line: impl Fn(usize) -> String) -> Outcome {
    let host = Package::new("desk", "1.0.0").manifest("treenail = 1\n[host]\n");
    let mut case = Case::new(host).beside(Package::new("api", "1.0.0"));
    let mut names = Vec::new();
    for number in 0..count {
        let mut text = format!(
            "treenail = 1\n[plugin]\nid = \"p{number}\"\n{}[[component]]\ntype = \"crate::C\"\nprovides = [\"dyn api::S{number}\"]\n[component.requires]\n",
            line(number)
        );
        for field in 0..3_usize.min(number) {
            let other = (number * 7 + field * 13 + 1) % number;
            let _ = writeln!(text, "f{field} = \"dyn api::S{other}\"");
        }
        let name = format!("p{number}");
        case = case.also(
            Package::new(&name, "1.0.0")
                .depends_on(["api"])
                .manifest(text),
        );
        names.push(name);
    }
    case.host = case.host.depends_on(names.iter().map(String::as_str));
    case.compose()
}

#[test]
fn ten_thousand_plugins_compose() {
    let outcome = many(10_000, |_| String::new());
    outcome.assert_codes([]);
    assert_eq!(outcome.composed().components().count(), 10_000);
}

#[test]
fn a_chain_of_five_thousand_that_begins_with_a_loser_is_left_out() {
    let count = 5000;
    let host = "treenail = 1\n[host]\n[bind]\n\"dyn api::T\" = \"mail:Winner\"\n";
    let mut mail = "treenail = 1\n[plugin]\nid = \"mail\"\n\
        [[component]]\ntype = \"crate::Winner\"\nprovides = [\"dyn api::T\"]\n\
        [[component]]\ntype = \"crate::Loser\"\nprovides = [\"dyn api::T\"]\nrequires = { next = \"dyn api::S0\" }\n"
        .to_owned();
    for number in 0..count {
        let _ = write!(
            mail,
            "[[component]]\ntype = \"crate::C{number}\"\nprovides = [\"dyn api::S{number}\"]\nrequires = {{ next = \"dyn api::S{}\" }}\n",
            number + 1
        );
    }
    let package = |name, manifest: String| {
        let package = Package::new(name, "1.0.0").depends_on(["api"]);
        package.manifest(manifest)
    };
    let case = Case::new(package("desk", host.to_owned()))
        .with(package("mail", mail))
        .beside(Package::new("api", "1.0.0"));
    let outcome = case.compose();
    // The last one needs what there is not, which is nobody's mistake.
    outcome.assert_codes([]);
    let there: Vec<&str> = outcome.composed().components().collect();
    assert_eq!(there, ["mail:Winner"]);
}

/// A plugin with this many components, each a line of its table, composed by a host with these lines.
fn deep(host: &str, count: usize, component: impl Fn(usize) -> String) -> Outcome {
    let mut mail = "treenail = 1\n[plugin]\nid = \"mail\"\n".to_owned();
    for number in 0..count {
        let line = component(number);
        let _ = write!(mail, "[[component]]\ntype = \"crate::C{number}\"\n{line}\n");
    }
    let package = |name, manifest: String| {
        let package = Package::new(name, "1.0.0").depends_on(["api"]);
        package.manifest(manifest)
    };
    let host = package("desk", format!("treenail = 1\n[host]\n{host}"));
    let case = Case::new(host).with(package("mail", mail));
    case.beside(Package::new("api", "1.0.0")).compose()
}

/// Deeper than the stack of a test has room for, if anything calls itself at each step.
const DEPTH: usize = 20_000;

#[test]
fn a_chain_of_any_depth_is_composed_printed_and_drawn() {
    let needs = |number: usize| match number {
        0 => "provides = [\"dyn api::S0\"]".to_owned(),
        _ => format!(
            "provides = [\"dyn api::S{number}\"]\nrequires = {{ next = \"dyn api::S{}\" }}",
            number - 1
        ),
    };
    let decorates = |number: usize| match number {
        0 => "provides = [\"dyn api::S\"]".to_owned(),
        1 => "decorate = \"dyn api::S\"".to_owned(),
        _ => format!(
            "decorate = \"dyn api::S\"\nafter = [\"mail:C{}\"]",
            number - 1
        ),
    };
    for outcome in [deep("", DEPTH, needs), deep("", DEPTH, decorates)] {
        outcome.assert_codes([]);
        let composed = outcome.composed();
        assert_eq!(composed.components().count(), DEPTH);
        // Printing takes a minute otherwise.
        if !cfg!(debug_assertions) {
            assert!(composed.rust().contains("pub struct App"));
        }
        let graph = composed.graph(GraphFormat::Dot).expect("a composition");
        assert_eq!(graph.matches(" -> ").count(), DEPTH - 1);
    }
}

#[test]
fn a_cycle_of_any_length_is_one_mistake_in_few_words() {
    let needs = |number: usize| {
        format!(
            "provides = [\"dyn api::S{number}\"]\nrequires = {{ next = \"dyn api::S{}\" }}",
            (number + 1) % DEPTH
        )
    };
    let before = |number: usize| match number {
        0 => "provides = [\"dyn api::S\"]".to_owned(),
        _ => format!(
            "decorate = \"dyn api::S\"\nbefore = [\"mail:C{}\"]",
            number % (DEPTH - 1) + 1
        ),
    };
    for outcome in [deep("", DEPTH, needs), deep("", DEPTH, before)] {
        assert_eq!(outcome.messages().len(), 1, "{}", outcome.text());
        assert!(outcome.text().lines().count() < 100, "{}", outcome.text());
    }
}

#[test]
fn a_trace_of_any_length_is_told_in_few_words() {
    let needs = |number: usize| {
        format!(
            "provides = [\"dyn api::S{number}\"]\nrequires = {{ next = \"dyn api::S{}\" }}",
            number + 1
        )
    };
    let outcome = deep("", DEPTH, needs);
    outcome.assert_codes(["TN0301"]);
    assert!(outcome.text().lines().count() < 100, "{}", outcome.text());
}

#[test]
fn two_thousand_plugins_may_all_be_wrong() {
    let outcome = many(2000, |number| {
        format!("requires = {{ absent{number} = \"1\" }}\n")
    });
    assert_eq!(outcome.messages().len(), 1000);
    assert!(
        outcome
            .messages()
            .iter()
            .all(|message| message.code == "TN0207")
    );
}
