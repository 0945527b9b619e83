//! `cfg(…)`: what a manifest may ask of the target and of its package's features, in the words of Rust's own attribute.
//!
//! The crate `cfg-expr` reads the same grammar, but it panics on 256 lists within one, accepts `cfg(unix, not(test))`, which
//! rustc refuses, and cannot tell where a name with a slip in it stands.

use std::ops::Range;

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{CfgFault, UnknownCfgValue};
use crate::model::Condition;
use crate::source::{Located, Origin};

/// What rustc says about every target. Other names are custom: they hold where `RUSTFLAGS` sets them.
const NAMES: &[&str] = &[
    "debug_assertions",
    "false",
    "feature",
    "panic",
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_has_atomic",
    "target_os",
    "target_pointer_width",
    "target_vendor",
    "true",
    "unix",
    "windows",
];

/// The names that take a list.
const LISTS: &[&str] = &["all", "any", "not"];

/// The values that rustc knows of those names that have few. `target_feature` and custom names are not looked at.
const VALUES: &[(&str, &str)] = &[
    ("panic", "abort unwind"),
    (
        "target_arch",
        "aarch64 amdgpu arm arm64ec avr bpf csky hexagon loongarch32 loongarch64 m68k mips mips32r6 mips64 mips64r6 msp430 \
         nvptx64 powerpc powerpc64 riscv32 riscv64 s390x sparc sparc64 wasm32 wasm64 x86 x86_64 xtensa",
    ),
    ("target_endian", "big little"),
    (
        "target_env",
        "gnu macabi mlibc msvc musl newlib nto70 nto71 nto71_iosock nto80 ohos p1 p2 p3 relibc sgx sim uclibc v5",
    ),
    ("target_family", "unix wasm windows"),
    ("target_has_atomic", "8 16 32 64 128 ptr"),
    (
        "target_os",
        "aix amdhsa android cuda cygwin dragonfly emscripten espidf freebsd fuchsia haiku helenos hermit horizon hurd illumos ios \
         l4re linux lynxos178 macos managarm motor netbsd none nto nuttx openbsd psp psx qurt redox rtems solaris solid_asp3 \
         teeos trusty tvos uefi unknown vexos visionos vita vxworks wasi watchos windows xous zkvm",
    ),
    ("target_pointer_width", "16 32 64"),
    (
        "target_vendor",
        "amd apple espressif fortanix ibm kmc mti nintendo nvidia openwrt pc risc0 sony sun unikraft unknown uwp vex win7 wrs",
    ),
];

/// What a composition cannot know: one and the same is used by all of them.
const UNKNOWABLE: &[&str] = &["test", "doctest", "doc", "proc_macro"];

/// More nesting than any real predicate has.
const DEPTH: usize = 32;

/// What is wrong, and where.
pub(super) type CfgRefusal = (Origin, CfgFault);

/// Parses `cfg(…)`. `place` says where a part of the text stands; `never` gets the values that no target has.
pub(super) fn parse(
    text: &str,
    place: &dyn Fn(Range<usize>) -> Origin,
    never: &mut Vec<(Origin, UnknownCfgValue)>,
) -> Result<Condition, CfgRefusal> {
    let mut parser = CfgParser {
        text,
        at: 0,
        place,
        never,
    };
    parser.advance(0);
    if parser.word() != "cfg" {
        return parser.refuse(0..text.len(), CfgFault::NotCfg);
    }
    parser.expect('(')?;
    let condition = parser.predicate(0)?;
    parser.eat(',');
    parser.expect(')')?;
    if !parser.rest().is_empty() {
        return parser.refuse(parser.at..text.len(), CfgFault::Surplus);
    }
    Ok(condition)
}

/// Stands at the start of a token, or at the end of the text.
struct CfgParser<'t> {
    text: &'t str,
    at: usize,
    place: &'t dyn Fn(Range<usize>) -> Origin,
    never: &'t mut Vec<(Origin, UnknownCfgValue)>,
}

impl<'t> CfgParser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes on by so many bytes, and over the spaces behind them.
    fn advance(&mut self, by: usize) {
        let rest = &self.rest()[by..];
        self.at = self.text.len() - rest.trim_start().len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.advance(wanted.len_utf8());
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), CfgRefusal> {
        if self.eat(wanted) {
            Ok(())
        } else {
            self.refuse_here(CfgFault::Lacks(wanted))
        }
    }

    fn refuse<T>(&self, part: Range<usize>, fault: CfgFault) -> Result<T, CfgRefusal> {
        Err(((self.place)(part), fault))
    }

    /// Refuses the next character.
    fn refuse_here<T>(&self, fault: CfgFault) -> Result<T, CfgRefusal> {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.refuse(self.at..self.at + width, fault)
    }

    /// The name that stands here; empty where none does.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.advance(word.len());
        word
    }

    fn predicate(&mut self, depth: usize) -> Result<Condition, CfgRefusal> {
        if depth > DEPTH {
            return self.refuse_here(CfgFault::TooDeep);
        }
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            return self.refuse_here(CfgFault::NotAName);
        }
        let named = start..start + word.len();
        if UNKNOWABLE.contains(&word) {
            return self.refuse(named, CfgFault::Unknowable(word.to_owned()));
        }
        let is_known = NAMES.contains(&word) || LISTS.contains(&word);
        if let Some(meant) = nearest(word, NAMES.iter().copied()).filter(|_| !is_known) {
            return self.refuse(named, CfgFault::Misspelt { meant });
        }
        if self.eat('=') {
            let start = self.at;
            let value = self.string()?;
            if word == "feature" {
                let origin = (self.place)(start..start + value.len() + 2);
                return Ok(Condition::Feature(Located { value, origin }));
            }
            self.check_value(word, &value, start);
            return Ok(Condition::Cfg(format!("{word}={value:?}")));
        }
        if !self.rest().starts_with('(') {
            return Ok(Condition::Cfg(word.to_owned()));
        }
        if !LISTS.contains(&word) {
            return self.refuse(named, CfgFault::TakesNoList);
        }
        let mut parts = self.list(depth + 1)?;
        match word {
            "all" => Ok(Condition::All(parts)),
            "any" => Ok(Condition::Any(parts)),
            _ if parts.len() == 1 => Ok(Condition::Not(Box::new(parts.remove(0)))),
            _ => self.refuse(start..self.at, CfgFault::NotOfSeveral),
        }
    }

    /// Remembers a value that rustc does not know for a name, as its own check of conditions does.
    fn check_value(&mut self, name: &str, value: &str, start: usize) {
        let mut names = VALUES.iter();
        let Some((_, values)) = names.find(|(known, _)| *known == name) else {
            return;
        };
        let values = values.split_whitespace();
        if !value.is_empty() && !values.clone().any(|known| known == value) {
            let never = UnknownCfgValue {
                name: name.to_owned(),
                value: value.to_owned(),
                suggestion: nearest(value, values),
            };
            let at = (self.place)(start..start + value.len() + 2);
            self.never.push((at, never));
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Condition>, CfgRefusal> {
        self.expect('(')?;
        let mut parts = Vec::new();
        while !self.rest().starts_with(')') {
            parts.push(self.predicate(depth)?);
            if !self.eat(',') {
                break;
            }
        }
        self.expect(')')?;
        Ok(parts)
    }

    fn string(&mut self) -> Result<String, CfgRefusal> {
        let start = self.at;
        if !self.rest().starts_with('"') {
            return self.refuse_here(CfgFault::Lacks('"'));
        }
        let inner = &self.rest()[1..];
        match inner.find('"').map(|end| &inner[..end]) {
            Some(value) if !value.contains(['\\', '\n']) => {
                self.advance(value.len() + 2);
                Ok(value.to_owned())
            }
            _ => self.refuse(start..self.text.len(), CfgFault::NotAPlainString),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{CfgRefusal, parse};
    use crate::model::Condition;
    use crate::source::{Origin, SourceId};

    fn place(part: Range<usize>) -> Origin {
        Origin::new(SourceId(0), part)
    }

    fn read(text: &str) -> Result<Condition, CfgRefusal> {
        parse(text, &place, &mut Vec::new())
    }

    #[test]
    fn a_value_that_no_target_has_is_told_with_the_nearest() {
        let mut never = Vec::new();
        let text = "cfg(any(target_os = \"macosx\", target_os = \"linux\", target_feature = \"x\", panic = \"\"))";
        assert!(parse(text, &place, &mut never).is_ok());
        let [(at, one)] = &never[..] else {
            panic!("{never:?}");
        };
        assert_eq!((at.start, at.end), (20, 28));
        assert_eq!(one.suggestion.as_deref(), Some("macos"));
    }

    #[test]
    fn a_predicate_reads_as_in_rust() {
        let cfg = |text: &str| Condition::Cfg(text.to_owned());
        let linux = cfg("target_os=\"linux\"");
        assert_eq!(read("cfg(unix)"), Ok(cfg("unix")));
        assert_eq!(
            read(" cfg( all(unix, not(target_os = \"linux\"),) )"),
            Ok(Condition::All(vec![
                cfg("unix"),
                Condition::Not(Box::new(linux))
            ]))
        );
        assert_eq!(read("cfg(any())"), Ok(Condition::Any(Vec::new())));
    }

    #[test]
    fn what_is_none_is_refused_where_it_goes_wrong() {
        let at = |text: &str| read(text).map(|_| ()).map_err(|(at, _)| at.start..at.end);
        assert_eq!(at("unix"), Err(0..4));
        assert_eq!(at("cfg(unix"), Err(8..8));
        assert_eq!(at("cfg(ünix)"), Err(4..6));
        assert_eq!(at("cfg(not(unix, windows))"), Err(4..22));
        assert_eq!(at("cfg(some(unix))"), Err(4..8));
        assert_eq!(at("cfg(target_os = linux)"), Err(16..17));
        assert_eq!(at("cfg(unix) or"), Err(10..12));
        assert_eq!(at("cfg(unix, not(windows))"), Err(10..11));
        assert!(read(&format!("cfg({}", "not(".repeat(10_000))).is_err());
        assert!(read(&format!("cfg(all({}))", "not(unix),".repeat(10_000))).is_ok());
    }
}
