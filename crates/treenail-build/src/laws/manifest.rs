//! Laws of reading: no text makes it panic, and every place it names can be shown.

use proptest::prelude::*;

use crate::front::one_manifest::check_manifest;
use crate::manifest::keys::{self, KeyTable};

/// Pieces of manifests: any order of them is nearly one.
const PIECES: &[&str] = &[
    "treenail = 1\n",
    "[plugin]\n",
    "[host]\n",
    "[[component]]\n",
    "[overlay.a]\n",
    "[[overlay.a.component]]\n",
    "[plugins]\n",
    "[bind]\n",
    "[alias]\n",
    "[registry.\"a::T\"]\n",
    "value = \"crate::x\"",
    "registry = \"a::T\"",
    "from = \"a\"",
    "id = \"a\"\n",
    "type = \"crate::X\"\n",
    "type = \"crate::\u{e9}\"\n",
    "provides = [\"dyn a::T\"]\n",
    "requires",
    ".x",
    " = ",
    "{ ",
    " }",
    "service = \"dyn a::T\"",
    ", ",
    "optional = true",
    "all = true",
    "\n",
    "\"",
    "'''",
    "[",
    "]",
    "\"a:B\" = \"c:D\"\n",
    "\u{feff}",
    "\r",
    "\u{0}",
    "\\u00e9",
    "# \u{1f980}\n",
    "api = \"1\"\n",
    "kind = \"pipe\"\n",
    "name = \"\"\n",
    "1e9",
    "1979-05-27",
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_manifest("plugins.toml", &bytes);
    }

    #[test]
    fn no_order_of_pieces_makes_it_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        let messages = check_manifest("plugins.toml", text.as_bytes());
        prop_assert_eq!(messages, check_manifest("plugins.toml", text.as_bytes()));
    }

    #[test]
    fn a_slip_in_a_good_manifest_does_not_make_it_panic(at in 0usize..1400, with in "\\PC{0,2}", cut in 0usize..3) {
        let good = include_str!("../../tests/manifests/a_complete_manifest_has_no_mistakes/plugins.toml");
        let start = good.floor_char_boundary(at);
        let end = good.ceil_char_boundary((start + cut).min(good.len()));
        check_manifest("plugins.toml", format!("{}{with}{}", &good[..start], &good[end..]).as_bytes());
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let text = format!(
            "treenail = 1\nx = {}1{}\n",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        check_manifest("plugins.toml", text.as_bytes());
    }
    check_manifest(
        "plugins.toml",
        format!("[{}a]\n", "a.".repeat(20_000)).as_bytes(),
    );
}

/// What is left of a manifest, and what later stages know of the rest.
mod poison {
    use crate::diagnostic::Diagnostics;
    use crate::manifest::read_bytes;
    use crate::model::Manifest;
    use crate::source::Sources;

    fn read(text: &str) -> Manifest {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let manifest = read_bytes(
            "plugins.toml",
            format!("treenail = 1\n{text}").as_bytes(),
            &mut sources,
            &mut problems,
        );
        assert!(!problems.is_empty(), "{text}");
        manifest
    }

    #[test]
    fn a_component_that_is_left_out_is_remembered_by_name_and_services() {
        let manifest = read(
            "[[component]]\ntype = \"x\"\nname = \"X\"\nprovides = [\"dyn a::T\"]\n[[component]]\ntype = \"crate::Y\"",
        );
        let poison = &manifest.layer.poison;
        assert!(
            poison.components.contains("X")
                && poison.provides.words.contains("T")
                && !poison.anything
        );
        assert_eq!(manifest.layer.components.len(), 1);
    }

    #[test]
    fn what_a_misspelt_key_says_counts() {
        let manifest = read("[[component]]\ntype = \"crate::X\"\nprovide = [\"dyn a::T\"]\n");
        let component = &manifest.layer.components[0];
        assert!(component.partial && component.provides.len() == 1);
    }

    #[test]
    fn bindings_rules_and_aliases_that_are_left_out_are_remembered() {
        let manifest = read(
            "[bind]\n\"dyn a::T\" = 1\n[plugins]\nx = { enabled = 1 }\n[alias]\n\"a:B\" = \"c\"\n",
        );
        let poison = &manifest.layer.poison;
        assert!(poison.binds.words.contains("T") && !poison.binds.any);
        assert!(poison.rules.contains("x") && poison.aliases.contains("a:B") && !poison.anything);
        assert_eq!(manifest.layer.rules.len(), 1);
    }

    #[test]
    fn what_cannot_be_made_sense_of_is_remembered_by_its_words() {
        for text in [
            "[plugin]\nid = \"9\"\n[[component]]\ntype = \"crate::Lost\"\n",
            "[plugin]\n[[component]]\ntype = \"crate::Lost\"\n",
            "Lost = \n",
            "[componnent]\ntype = \"crate::Lost\"\n",
            "component = \"Lost\"\n",
            "[overlay]\nx = \"Lost\"\n",
            "[overlay.9.bind]\n\"dyn a::Lost\" = \"a:B\"\n",
            "[[component]\ntype = \"crate::Lost\"\n",
        ] {
            let poison = read(text).layer.poison;
            assert!(
                poison.may_name("Lost") && !poison.may_name("Found"),
                "{text}"
            );
        }
        let poison = read("[plugins]\nmail = { enabled = \n").layer.poison;
        assert!(poison.rules.contains("mail"));
        let manifest = read("[host]\napi = \"1\"\n");
        assert!(manifest.host.expect("a host").partial && !manifest.layer.poison.may_name("api"));
    }

    #[test]
    fn a_requirement_that_is_left_out_makes_its_component_partial() {
        let manifest =
            read("[[component]]\ntype = \"crate::X\"\nrequires = { a = \"dyn a::T\", b = \"\" }\n");
        assert!(
            manifest.layer.components[0].partial && manifest.layer.components[0].needs.len() == 1
        );
    }

    #[test]
    fn places_are_those_of_the_values() {
        let text = "treenail = 1\n[bind]\n\"dyn a::T\" = \"a:B\"\n[[component]]\ntype = \"crate::X\"\nrequires = { c = { service = \"dyn a::T\" } }\n";
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let manifest = read_bytes("plugins.toml", text.as_bytes(), &mut sources, &mut problems);
        let shown = |at: crate::source::Origin| &text[at.start as usize..at.end as usize];
        let (bind, component) = (&manifest.layer.binds[0], &manifest.layer.components[0]);
        assert_eq!(
            (
                shown(bind.service.origin),
                shown(bind.provider.value.origin)
            ),
            ("\"dyn a::T\"", "\"a:B\"")
        );
        assert_eq!(
            (shown(component.origin), shown(component.name.origin)),
            ("[[component]]", "\"crate::X\"")
        );
        assert_eq!(
            (
                shown(component.needs[0].field.origin),
                shown(component.needs[0].service.origin)
            ),
            ("c", "\"dyn a::T\"")
        );
    }
}

/// How the keys of a table are written, where `KEY` stands.
const PLACES: &[(&KeyTable, &str)] = &[
    (&keys::MANIFEST, "KEY"),
    (&keys::PLUGIN, "[plugin]\nKEY"),
    (&keys::COMPONENT, "[[component]]\nKEY"),
    (&keys::NEED, "[[component]]\nrequires = { a = { KEY } }"),
    (&keys::DEADLINE, "[[component]]\ndeadline = { KEY }"),
    (&keys::RESTART, "[[component]]\nrestart = { KEY }"),
    (&keys::ENTRY, "[registry.\"a::T\"]\nx = { KEY }"),
    (&keys::HOST, "[host]\nKEY"),
    (&keys::DISTRIBUTION, "[distribution]\nKEY"),
    (&keys::LOCK, "[lock]\nKEY"),
    (&keys::RULE, "[plugins]\na = { KEY }"),
    (&keys::OVERRIDE, "[override]\n\"a:B\" = { KEY }"),
    (&keys::TUNING, "[lifecycle]\n\"a:B\" = { KEY }"),
    (&keys::OVERLAY, "[overlay.a]\nKEY"),
    (&keys::OVERLAY_HOST, "[overlay.a.host]\nKEY"),
    (&keys::ASSERT, "[[assert]]\nKEY"),
    (&keys::THAT, "[[assert]]\nthat = { KEY }"),
    (&keys::NOT, "[[assert]]\nthat = { not = { KEY } }"),
    (&keys::CONDITION, "[overlay.a]\nwhen = { KEY }"),
    (&keys::SETTING, "[plugins]\na = { version = { KEY } }"),
];

/// That a key which is read is in the table, reading itself asserts.
#[test]
fn a_key_is_read_where_the_table_of_keys_has_it() {
    let unknown = |place: &str, key: &str| {
        let text = place.replace("KEY", &format!("{key} = 1979-05-27"));
        let messages = check_manifest("plugins.toml", text.as_bytes()).into_iter();
        let texts = messages.filter(|message| message.code == "TN0002");
        texts.map(|message| message.text).collect::<Vec<_>>()
    };
    assert_eq!(PLACES.len(), keys::tables::ALL.len());
    for (table, place) in PLACES {
        for name in table.names() {
            assert_eq!(unknown(place, name), [""; 0], "{name} in {}", table.title);
        }
        let told = unknown(place, "zzz").concat();
        let is_told = |name: &str| told.contains(&format!("`{name}`"));
        assert!(table.names().all(is_told), "{told}");
    }
}
