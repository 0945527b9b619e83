//! Types as a manifest may name them: a path, or `dyn` and a path, with types as generic arguments.
//!
//! The grammar is read by hand rather than by a parser for all of Rust: what it does not know cannot come through, and
//! every refusal points at the very character. A test holds it against `syn`.

mod parse;

use std::collections::BTreeSet;
use std::fmt;

use crate::model::TypeExpr;

pub(crate) use parse::{is_identifier, is_keyword, parse};

/// What the first segment of a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root<'a> {
    /// `crate`: the manifest's own package.
    Own,
    /// An extern crate, by the name the manifest's package has for it.
    Extern(&'a str),
    /// `std`, `core` or `alloc`.
    Std(&'a str),
    /// A type of the prelude.
    Lone(&'a str),
}

/// A type within a type, itself included: all of them, one after the other, are the whole text.
struct Piece<'a> {
    /// `dyn` stands before it.
    is_dyn: bool,
    root: Root<'a>,
    /// What follows its root, up to where the next type starts.
    rest: &'a str,
}

impl TypeExpr {
    /// Whether it is a trait object.
    pub(crate) fn is_dyn(&self) -> bool {
        self.text.starts_with("dyn ")
    }

    /// What the path starts at.
    pub(crate) fn root(&self) -> Root<'_> {
        let mut pieces = self.pieces();
        pieces.next().map_or(Root::Lone(""), |first| first.root)
    }

    /// Identifier of the last segment, without `r#`.
    pub(crate) fn last_ident(&self) -> &str {
        let mut path = &*self.text;
        if path.ends_with('>') {
            // From the end, because earlier segments may have arguments too.
            let mut open = 0_usize;
            let start = path.bytes().rposition(|byte| {
                match byte {
                    b'>' => open += 1,
                    b'<' => open -= 1,
                    _ => {}
                }
                open == 0
            });
            path = &path[..start.unwrap_or(0)];
        }
        let before = path.bytes().rposition(|byte| matches!(byte, b':' | b' '));
        let last = &path[before.map_or(0, |before| before + 1)..];
        last.strip_prefix("r#").unwrap_or(last)
    }

    /// Names of the extern crates in it, generic arguments included.
    pub(crate) fn externs(&self) -> BTreeSet<&str> {
        let names = self.pieces().filter_map(|piece| match piece.root {
            Root::Extern(name) => Some(name),
            _ => None,
        });
        names.collect()
    }

    /// Prints the type with every root (its own and its arguments') replaced by what `name` prints; `None` where `name` has
    /// no answer.
    ///
    /// The answer stands for the first segment: `::helpdesk_api` for `Root::Extern("helpdesk_api")`.
    pub(crate) fn print(
        &self,
        text: &mut String,
        mut name: impl FnMut(Root<'_>, &mut String) -> Option<()>,
    ) -> Option<()> {
        for piece in self.pieces() {
            if piece.is_dyn {
                text.push_str("dyn ");
            }
            name(piece.root, text)?;
            text.push_str(piece.rest);
        }
        Some(())
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut left = &*self.text;
        std::iter::from_fn(move || {
            let path = left.strip_prefix("dyn ").unwrap_or(left);
            let is_dyn = path.len() < left.len();
            let ends = |byte| matches!(byte, b':' | b'<' | b',' | b'>');
            let first = path.bytes().position(ends);
            let (first, rest) = path.split_at(first.unwrap_or(path.len()));
            let root = match first {
                "" => return None,
                "crate" => Root::Own,
                _ if !rest.starts_with("::") => Root::Lone(first),
                "std" | "core" | "alloc" => Root::Std(first),
                _ => Root::Extern(first),
            };
            let next = rest.bytes().position(|byte| byte == b'<' || byte == b',');
            let next = next.map_or(rest.len(), |at| match rest.as_bytes()[at] {
                b',' => at + ", ".len(),
                _ => at + 1,
            });
            let (rest, after) = rest.split_at(next);
            left = after;
            Some(Piece { is_dyn, root, rest })
        })
    }
}

/// As the manifest writes it, with the usual spaces: `dyn a::Map<String, crate::T>`.
impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Root, parse};
    use std::collections::BTreeSet;

    #[test]
    fn a_type_prints_with_the_names_of_another_crate() {
        let ty = parse("dyn api::Store< crate::Key,std::string::String ,Vec<other::V>>")
            .expect("a type");
        assert_eq!(
            ty.to_string(),
            "dyn api::Store<crate::Key, std::string::String, Vec<other::V>>"
        );
        let mut printed = String::new();
        let print = ty.print(&mut printed, |root, text| {
            text.push_str(&match root {
                Root::Own => "::plugin".to_owned(),
                Root::Extern(name) => format!("::host_{name}"),
                Root::Std(name) => format!("::{name}"),
                Root::Lone(name) => name.to_owned(),
            });
            Some(())
        });
        assert_eq!(print, Some(()));
        assert_eq!(
            printed,
            "dyn ::host_api::Store<::plugin::Key, ::std::string::String, Vec<::host_other::V>>"
        );
        assert_eq!(ty.externs(), BTreeSet::from(["api", "other"]));
    }

    #[test]
    fn a_root_without_a_name_has_no_print() {
        let ty = parse("Vec<other::V>").expect("a type");
        let only_vec = |root: Root<'_>, _: &mut String| (root == Root::Lone("Vec")).then_some(());
        assert_eq!(ty.print(&mut String::new(), only_vec), None);
    }

    #[test]
    fn the_last_segment_names_a_type() {
        for (text, last) in [
            ("crate::a::r#Try<String>", "Try"),
            ("a::Map<b::K, Vec<c::V>>::Entry", "Entry"),
            ("dyn a::Map<b::K, Vec<c::V>>", "Map"),
            ("Vec<a::B>", "Vec"),
            ("String", "String"),
        ] {
            assert_eq!(parse(text).expect("a type").last_ident(), last);
        }
    }
}
