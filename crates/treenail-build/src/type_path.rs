//! Types as a manifest may name them: a path, or `dyn` and a path, with types as generic arguments.
//!
//! The grammar is read by hand rather than by a parser for all of Rust: what it does not know cannot come through, and
//! every refusal points at the very character. A test holds it against `syn`.

mod parse;

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{Segment, TypeExpr};

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

impl TypeExpr {
    /// What the path starts at.
    pub(crate) fn root(&self) -> Root<'_> {
        let first = self
            .segments
            .first()
            .map_or("", |segment| segment.ident.as_str());
        match first {
            "crate" => Root::Own,
            _ if self.segments.len() < 2 => Root::Lone(first),
            "std" | "core" | "alloc" => Root::Std(first),
            _ => Root::Extern(first),
        }
    }

    /// Identifier of the last segment, without `r#`.
    pub(crate) fn last_ident(&self) -> &str {
        let last = self
            .segments
            .last()
            .map_or("", |segment| segment.ident.as_str());
        last.strip_prefix("r#").unwrap_or(last)
    }

    /// Names of the extern crates in it, generic arguments included.
    pub(crate) fn externs(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect_externs(&mut found);
        found
    }

    fn collect_externs<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        if let Root::Extern(name) = self.root() {
            found.insert(name);
        }
        for argument in self.segments.iter().flat_map(|segment| &segment.args) {
            argument.collect_externs(found);
        }
    }

    /// Prints the type with every root (its own and its arguments') replaced by what `name` prints; `None` where `name` has
    /// no answer.
    ///
    /// The answer stands for the first segment: `::helpdesk_api` for `Root::Extern("helpdesk_api")`.
    pub(crate) fn print(
        &self,
        text: &mut String,
        name: &mut dyn FnMut(Root<'_>, &mut String) -> Option<()>,
    ) -> Option<()> {
        if self.is_dyn {
            text.push_str("dyn ");
        }
        name(self.root(), text)?;
        for (position, segment) in self.segments.iter().enumerate() {
            if position > 0 {
                text.push_str("::");
                text.push_str(&segment.ident);
            }
            if let Some((first, rest)) = segment.args.split_first() {
                text.push('<');
                first.print(text, name)?;
                for argument in rest {
                    text.push_str(", ");
                    argument.print(text, name)?;
                }
                text.push('>');
            }
        }
        Some(())
    }
}

/// As the manifest writes it, with the usual spaces: `dyn a::Map<String, crate::T>`.
impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_dyn {
            f.write_str("dyn ")?;
        }
        for (position, segment) in self.segments.iter().enumerate() {
            if position > 0 {
                f.write_str("::")?;
            }
            write!(f, "{segment}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.ident)?;
        if let Some((first, rest)) = self.args.split_first() {
            write!(f, "<{first}")?;
            for argument in rest {
                write!(f, ", {argument}")?;
            }
            f.write_str(">")?;
        }
        Ok(())
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
        let print = ty.print(&mut printed, &mut |root, text| {
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
        let mut only_vec =
            |root: Root<'_>, _: &mut String| (root == Root::Lone("Vec")).then_some(());
        assert_eq!(ty.print(&mut String::new(), &mut only_vec), None);
    }

    #[test]
    fn the_last_segment_names_a_type() {
        assert_eq!(
            parse("crate::a::r#Try<String>")
                .expect("a type")
                .last_ident(),
            "Try"
        );
    }
}
