//! Where a crate implements components, as far as its text tells.
//!
//! It is read to keep rustc from reporting what comes of a mistake in the manifest, and what comes of a type that is not where
//! the manifest says: what is overlooked here costs one error too many, never a wrong one.

use std::collections::BTreeSet;
use std::path::Path;

use super::words::{until_closed, words};
use crate::files;
use crate::model::ComponentDecl;

/// Traits that need a component's generated inputs.
const TRAITS: [&str; 2] = ["Component", "Pipe"];

/// The text of a crate, as words and signs.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// Each file, with the path of its module.
    files: Vec<(String, Vec<String>)>,
}

/// A type that implements a component's trait.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Undeclared {
    /// Path from the crate's root; `None` where the root may not name it.
    pub(crate) path: Option<String>,
    /// The name of the type.
    pub(crate) name: String,
    /// Its code says that it has no configuration.
    pub(crate) unconfigured: bool,
}

impl Code {
    /// The file of the package that brings in generated code, and the modules that it declares.
    pub(crate) fn of(package: &Path) -> Self {
        let folder = package.join("src");
        let read = |path: &str| {
            let bytes = files::read(&folder.join(path)).ok()?;
            Some(words(&String::from_utf8_lossy(&bytes)))
        };
        let brings_in = |words: &Vec<String>| {
            let mut calls = words.windows(2);
            calls.any(|call| matches!(call[0].as_str(), "plugin" | "compose") && call[1] == "!")
        };
        let Some(root) = ["lib.rs", "main.rs"]
            .into_iter()
            .filter_map(read)
            .find(brings_in)
        else {
            return Self::default();
        };
        let modules = root.windows(3).filter(|it| it[0] == "mod" && it[2] == ";");
        let mut files = Vec::new();
        for module in modules.map(|it| &it[1]) {
            let text = read(&format!("{module}.rs")).or_else(|| read(&format!("{module}/mod.rs")));
            files.extend(text.map(|text| (format!("crate::{module}"), text)));
        }
        files.insert(0, ("crate".to_owned(), root));
        Self { files }
    }

    /// Types that implement a component's trait and are not those of these components.
    pub(crate) fn undeclared(&self, components: &[&ComponentDecl]) -> BTreeSet<Undeclared> {
        let names = components.iter().map(|one| one.ty.value.last_ident());
        let names = names.collect::<BTreeSet<_>>();
        let mut found = BTreeSet::new();
        for (module, words) in &self.files {
            for name in implementors(words).filter(|name| !names.contains(*name)) {
                let path = nameable(module, words, name).then(|| format!("{module}::{name}"));
                found.insert(Undeclared {
                    path,
                    name: name.to_owned(),
                    unconfigured: self.is_unconfigured(name),
                });
            }
        }
        found
    }

    /// Whether a component's trait is implemented for a type of this name.
    pub(crate) fn implements(&self, name: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|(_, words)| implementors(words).any(|one| one == name))
    }

    /// Whether a component's trait is implemented for a type of this name, and surely in every build.
    pub(crate) fn always_implements(&self, name: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|(_, words)| {
            words.iter().all(|word| word != "cfg") && implementors(words).any(|one| one == name)
        })
    }

    /// Whether it compiles with what is known of these components, and nothing of those.
    pub(crate) fn suits(
        &self,
        components: &[&ComponentDecl],
        undeclared: &BTreeSet<Undeclared>,
    ) -> bool {
        let suits = |component: &&ComponentDecl| {
            let mut fields = component.lost.fields.iter();
            match component.lost.anything {
                true => self.ignores_inputs(component.ty.value.last_ident()),
                false => fields.all(|field| self.only_moves(field)),
            }
        };
        let named = |one: &Undeclared| one.path.is_some() && self.ignores_inputs(&one.name);
        components.iter().all(suits) && undeclared.iter().all(named)
    }

    /// Whether the type of this name is built from a configuration of type `()`, as its code has it.
    pub(crate) fn is_unconfigured(&self, name: &str) -> bool {
        let mut builds = self.builds(name);
        builds.any(|inputs| inputs.windows(3).any(|it| it == ["(", ")", ":"]))
    }

    /// The inputs of each function that builds the type of this name.
    fn builds(&self, name: &str) -> impl Iterator<Item = &[String]> {
        let files = self.files.iter();
        let bodies = files.flat_map(move |(_, words)| bodies(words, name));
        bodies.filter_map(|body| {
            let start = body
                .windows(3)
                .position(|it| it[0] == "fn" && it[1] == "build" && it[2] == "(")?;
            Some(until_closed(&body[start + 3..], ["(", ")"]))
        })
    }

    /// Names of the components whose type is nowhere to be seen where the manifest says that it is.
    pub(crate) fn doubtful<'a>(&self, components: &[&'a ComponentDecl]) -> BTreeSet<&'a str> {
        let is_absent = |component: &&&ComponentDecl| {
            let ty = &component.ty.value;
            let (name, path) = (ty.last_ident(), ty.to_string());
            let module = path.strip_suffix(&format!("::{name}"));
            let mut files = self.files.iter();
            let file = files.find(|(known, _)| Some(known.as_str()) == module);
            file.is_some_and(|(_, words)| words.iter().all(|word| word != name))
        };
        let absent = components.iter().filter(is_absent);
        absent
            .map(|component| component.name.value.as_str())
            .collect()
    }

    /// Whether the type of this name looks at nothing of what it is built from. What a pipe is run with is looked at.
    fn ignores_inputs(&self, name: &str) -> bool {
        let mut bodies = self.files.iter().flat_map(|(_, words)| bodies(words, name));
        let runs = bodies.any(|body| body.windows(2).any(|it| it[0] == "fn" && it[1] == "run"));
        let mut builds = self.builds(name).peekable();
        let ignores = |inputs: &[String]| {
            // The colon after a name, and not one of the two in a path.
            let mut named = inputs.windows(4).filter(|it| it[2] == ":");
            named.all(|it| {
                let is_path = it[1] == ":" || it[3] == ":";
                is_path || it[1].starts_with('_') || it[..2] == ["(", ")"]
            })
        };
        // The first name has nothing before it but the opening bracket, which is not among the inputs.
        let first = |inputs: &[String]| inputs.first().is_some_and(|name| name.starts_with('_'));
        !runs && builds.peek().is_some() && builds.all(|inputs| first(inputs) && ignores(inputs))
    }

    /// Whether the field of a component's inputs is only ever moved out of them: then its type does not matter.
    fn only_moves(&self, field: &str) -> bool {
        let mut places = self.files.iter().flat_map(|(_, words)| words.windows(5));
        !places.any(|it| {
            let is_field = it[1] != "self" && it[2] == "." && it[3] == field;
            is_field && (it[0] == "&" || it[4] == "." || it[4] == "?")
        })
    }
}

/// Names of the types that a component's trait is implemented for.
fn implementors(words: &[String]) -> impl Iterator<Item = &str> {
    let impls = words
        .windows(4)
        .filter(|it| TRAITS.contains(&it[0].as_str()) && it[1] == "for" && it[3] == "{");
    impls.map(|it| it[2].as_str())
}

/// The bodies of the implementations of a component's trait for a type of this name.
fn bodies<'w>(words: &'w [String], name: &str) -> impl Iterator<Item = &'w [String]> {
    let starts = words.windows(4).enumerate();
    let starts = starts.filter(move |(_, it)| {
        TRAITS.contains(&it[0].as_str()) && it[1] == "for" && it[2] == name && it[3] == "{"
    });
    starts.map(|(at, _)| until_closed(&words[at + 4..], ["{", "}"]))
}

/// Whether the crate's root may name a type of this file.
fn nameable(module: &str, words: &[String], name: &str) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let is_type = word == name && at > 0 && matches!(words[at - 1].as_str(), "struct" | "enum");
        is_type
            && words.get(at + 1).is_none_or(|next| next != "<")
            && (module == "crate" || (at > 1 && matches!(words[at - 2].as_str(), "pub" | ")")))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Code, words};

    fn code(text: &str) -> Code {
        Code {
            files: vec![("crate".to_owned(), words(text))],
        }
    }

    #[test]
    fn a_component_is_seen_where_it_is_implemented() {
        let code = code(
            "pub struct Mail; // impl Component for Comment {
             impl treenail::Component for Mail { }
             impl Pipe for hidden::Step { }
             impl Clone for Other { }",
        );
        let found = code.undeclared(&[]);
        let paths = found.iter().filter_map(|one| one.path.as_deref());
        assert_eq!(
            paths.collect::<BTreeSet<_>>(),
            BTreeSet::from(["crate::Mail"])
        );
    }

    #[test]
    fn what_is_under_a_condition_is_not_always_implemented() {
        let text = "impl Component for Mail { }";
        assert!(code(text).always_implements("Mail"));
        let text = format!("#[cfg(test)] {text}");
        assert!(code(&text).implements("Mail"));
        assert!(!code(&text).always_implements("Mail"));
    }

    #[test]
    fn an_input_is_moved_or_looked_at() {
        let moves = |text: &str| code(text).only_moves("disk");
        assert!(moves("Ok(Self { disk: deps.disk, n: self.disk.len() })"));
        assert!(!moves("let n = deps.disk.len();"));
        assert!(!moves("open(&deps.disk)?"));
    }

    #[test]
    fn inputs_are_ignored_where_their_names_say_so() {
        let ignores = |inputs: &str| {
            let build = |name: &str, inputs: &str| {
                format!("impl Component for {name} {{ async fn build({inputs}) -> R {{}} }}")
            };
            let other = build("Other", "deps: Deps<Self>, config: Config<Self>");
            code(&(other + &build("Mail", inputs))).ignores_inputs("Mail")
        };
        assert!(ignores("_: treenail::Deps<Self>, _config: Config<Self>"));
        assert!(ignores("_: Deps<Self>, (): treenail::Config<Self>"));
        assert!(!ignores("deps: Deps<Self>, _: Config<Self>"));
        assert!(!ignores("_: Deps<Self>, Limits { most }: Config<Self>"));
        assert!(!ignores("MailDeps { disk }: Deps<Self>, (): Config<Self>"));
        assert!(!code("impl Pipe for Mail { }").ignores_inputs("Mail"));
    }

    #[test]
    fn a_pattern_says_that_there_is_no_configuration() {
        let unconfigured = |config: &str| {
            let build =
                format!("async fn build(deps: Deps<Self>, {config}: Config<Self>) -> R {{}}");
            code(&format!("impl Component for Mail {{ {build} }}")).is_unconfigured("Mail")
        };
        assert!(unconfigured("()"));
        assert!(!unconfigured("_"));
    }
}
