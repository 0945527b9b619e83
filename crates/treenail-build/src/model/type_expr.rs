//! Types as a manifest may name them: a path, or `dyn` and a path, with types as generic arguments.

use std::collections::BTreeSet;
use std::fmt;

/// A Rust type as a manifest may name it: a path, or `dyn` and a path, with types as generic arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeExpr {
    /// Whether it is a trait object.
    pub(crate) is_dyn: bool,
    /// The path, never empty. One that starts with `crate` is into the manifest's own package; any other longer one starts with
    /// an extern crate by the name the package has for it; a lone segment is a prelude type.
    pub(crate) segments: Vec<Segment>,
}

/// One name in the path of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    /// The name, with `r#` where it is written so.
    pub(crate) name: String,
    /// Its generic arguments.
    pub(crate) arguments: Vec<TypeExpr>,
}

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
        let first = self.segments.first();
        match first.map_or("", |first| first.name.as_str()) {
            "crate" => Root::Own,
            name if self.segments.len() == 1 => Root::Lone(name),
            name @ ("std" | "core" | "alloc") => Root::Std(name),
            name => Root::Extern(name),
        }
    }

    /// Identifier of the last segment, without `r#`.
    pub(crate) fn last_ident(&self) -> &str {
        let last = self.segments.last();
        let name = last.map_or("", |last| last.name.as_str());
        without_raw(name)
    }

    /// Names of the extern crates in it, generic arguments included.
    pub(crate) fn externs(&self) -> BTreeSet<&str> {
        let arguments = self.segments.iter().flat_map(|segment| &segment.arguments);
        let mut names: BTreeSet<&str> = arguments.flat_map(Self::externs).collect();
        if let Root::Extern(name) = self.root() {
            names.insert(without_raw(name));
        }
        names
    }

    /// Calls a crate by another name, wherever the type names it.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if self.root() == Root::Extern(from) {
            to.clone_into(&mut self.segments[0].name);
        }
        for segment in &mut self.segments {
            for argument in &mut segment.arguments {
                argument.rename(from, to);
            }
        }
    }

    /// The type with every root, its own and its arguments', replaced by what `name` says; `None` where that has no answer.
    ///
    /// The answer stands for the first segment: `::helpdesk_api` for `Root::Extern("helpdesk_api")`.
    pub(crate) fn print(&self, name: &dyn Fn(Root<'_>) -> Option<String>) -> Option<String> {
        let mut text = if self.is_dyn { "dyn " } else { "" }.to_owned();
        text.push_str(&name(self.root())?);
        for (number, segment) in self.segments.iter().enumerate() {
            if number > 0 {
                text.push_str("::");
                text.push_str(&segment.name);
            }
            if !segment.arguments.is_empty() {
                let arguments = segment.arguments.iter().map(|one| one.print(name));
                let arguments: Vec<String> = arguments.collect::<Option<_>>()?;
                text.push_str(&format!("<{}>", arguments.join(", ")));
            }
        }
        Some(text)
    }
}

/// A name without the `r#` that Rust code may need for it.
pub(crate) fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// As the manifest writes it, with the usual spaces: `dyn a::Map<String, crate::T>`.
impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = |root: Root<'_>| {
            Some(match root {
                Root::Own => "crate".to_owned(),
                Root::Extern(name) | Root::Std(name) | Root::Lone(name) => name.to_owned(),
            })
        };
        f.write_str(&self.print(&written).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::Root;
    use crate::model::type_path::parse;
    use std::collections::BTreeSet;

    #[test]
    fn a_type_prints_with_the_names_of_another_crate() {
        let ty = parse("dyn api::Store< crate::Key,std::string::String ,Vec<other::V>>")
            .expect("a type");
        assert_eq!(
            ty.to_string(),
            "dyn api::Store<crate::Key, std::string::String, Vec<other::V>>"
        );
        let printed = ty.print(&|root| {
            Some(match root {
                Root::Own => "::plugin".to_owned(),
                Root::Extern(name) => format!("::host_{name}"),
                Root::Std(name) => format!("::{name}"),
                Root::Lone(name) => name.to_owned(),
            })
        });
        assert_eq!(
            printed.as_deref(),
            Some(
                "dyn ::host_api::Store<::plugin::Key, ::std::string::String, Vec<::host_other::V>>"
            )
        );
        assert_eq!(ty.externs(), BTreeSet::from(["api", "other"]));
    }

    #[test]
    fn a_root_without_a_name_has_no_print() {
        let ty = parse("Vec<other::V>").expect("a type");
        let only_vec = |root: Root<'_>| (root == Root::Lone("Vec")).then(|| "Vec".to_owned());
        assert_eq!(ty.print(&only_vec), None);
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
