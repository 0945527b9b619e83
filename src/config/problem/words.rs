//! The words of configuration problems. Everything that a person reads about a configuration is written here: one long match
//! each for the message and for the help, because they are tables.

use std::path::Path;

use treenail_core::environment::spelling;

use super::error::Problem;
use super::kind::ProblemKind;

impl Problem {
    /// One sentence that names what is wrong.
    pub fn message(&self) -> String {
        use ProblemKind as K;
        match self.kind() {
            K::Unreadable { file, cause } => format!("cannot read `{file}`: {cause}"),
            K::NotAFile { file, found } => {
                format!("cannot read `{file}`: it is {found}, and a file is expected")
            }
            K::FileTooLarge { file, most } => format!(
                "`{file}` is too large: no more than {} of a file are read",
                bytes(*most)
            ),
            K::NestedTooDeep { most } => {
                format!("maps and lists are nested too deep: more than {most} inside each other")
            }
            K::RepeatedTooOften { most } => format!(
                "its aliases and merge keys bring in too much: more than {}, counted as if it were written out",
                bytes(*most)
            ),
            K::Yaml { message } => format!("this is not a YAML file: {message}"),
            K::MissingRoot { root } => format!("the root key `{root}` is missing"),
            K::UnknownKey { key, .. } => format!("unknown key `{key}`"),
            K::ReadAlike { names } => format!(
                "{} read alike in the environment, as `{}`",
                list(names),
                names.first().map(|name| spelling(name)).unwrap_or_default()
            ),
            K::NameOfComponent { name } => {
                format!("`{name}` is the id of a component, and no name for a service")
            }
            K::NoItem { name, length } => match length {
                0 => format!("there is no item `{name}`: the list is empty"),
                1 => format!("there is no item `{name}`: the list has one"),
                several => format!("there is no item `{name}`: the list has {several}"),
            },
            K::MissingKey {
                key,
                component: Some(component),
                expected,
                ..
            } => format!("`{key}` of `{component}` is missing: expected {expected}"),
            K::MissingKey { key, expected, .. } => {
                format!("`{key}` is missing: expected {expected}")
            }
            K::WrongType {
                expected, found, ..
            } => format!("expected {expected}, found {found}"),
            K::NotOneOf { allowed, .. } => format!("expected one of {}", list(allowed)),
            K::OutOfRange { bounds } => format!("expected {bounds}"),
            K::Refused { message } => format!("the value is refused: {message}"),
            K::Duration { text } => format!("`{text}` is no duration"),
            K::UnknownComponent { name, .. } => {
                format!("component `{name}` not found in this program")
            }
            K::WrongKind {
                component,
                expected,
                found,
            } => {
                format!("`{component}` is {found}; expected {expected} here")
            }
            K::UnknownInject {
                name, component, ..
            } => format!("`{component}` has no inject `{name}`"),
            K::MissingInject {
                name,
                service,
                component: None,
                ..
            } => format!("the inject `{name}` is missing: it asks for `{service}`"),
            K::MissingInject {
                name,
                service,
                component: Some(component),
                ..
            } => format!(
                "the inject `{name}` of `{component}` is missing: it asks for one instance of `{service}`"
            ),
            K::UnknownService { name, .. } => {
                format!("service `{name}` not found among the configured services")
            }
            K::WrongService {
                name,
                component,
                service,
            } => {
                format!("service `{name}` is a `{component}`, which does not provide `{service}`")
            }
            K::NotExactlyOne {
                needed_by,
                component,
                found,
            } => match found.as_slice() {
                [] => format!("`{needed_by}` needs a configured `{component}`, and there is none"),
                several => format!(
                    "`{needed_by}` needs exactly one configured `{component}`, and there are several: {}",
                    list(several)
                ),
            },
            K::Cycle { names } => format!(
                "cycle of services: {}",
                names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(" -> ")
            ),
            K::DuplicateStep { id, first } => {
                format!("duplicate step id `{id}`: the first is at `{first}`")
            }
            K::SeveralRenderers { names } => format!(
                "more than one template renderer is configured: {}",
                list(names)
            ),
            K::Renderer { component, message } => {
                format!("the template renderer `{component}` cannot be made: {message}")
            }
            K::TemplateNotRendered => {
                "this looks like a template, and this program renders none".to_owned()
            }
            K::TemplateSyntax { message } => format!("template syntax error: {message}"),
            K::Template { message } => format!("the template cannot be rendered: {message}"),
            K::NotARequirement { text, .. } => format!("`{text}` is no version requirement"),
            K::ApiVersion {
                requirement,
                version,
            } => {
                format!(
                    "this program has version {version}, the configuration asks for `{requirement}`"
                )
            }
            K::LeftOut {
                name,
                needers,
                winners,
                places,
                ..
            } => {
                let mut why = Vec::new();
                for (number, needer) in needers.iter().enumerate() {
                    let it = if number == 0 { "it" } else { "that one" };
                    why.push(format!("only `{needer}` needed {it}"));
                }
                let last = needers.last();
                why.push(match (last, winners.as_slice()) {
                    (None, []) => "it is switched off".to_owned(),
                    (None, winners) => format!("{} takes its place", list(winners)),
                    (Some(last), []) => format!("`{last}` is switched off"),
                    (Some(last), winners) => {
                        format!("{} takes the place of `{last}`", list(winners))
                    }
                });
                format!(
                    "`{name}` not found in this program: {} ({})",
                    why.join(", "),
                    places.join(", ")
                )
            }
            K::FeatureMissing { name, feature, .. } => {
                format!(
                    "`{name}` not found in this program, which is built without its feature `{feature}`"
                )
            }
            K::UnknownPlugin { name, .. } => format!("plugin `{name}` not found in this program"),
            K::PluginVersion {
                name,
                requirement,
                version,
            } => {
                format!(
                    "plugin `{name}` has version {version}, the configuration asks for `{requirement}`"
                )
            }
        }
    }

    /// What to do about it, where that can be said.
    pub fn help(&self) -> Option<String> {
        use ProblemKind as K;
        match self.kind() {
            K::NotAFile { file, .. } if Path::new(file).ends_with(".env") => {
                Some("a file of this name beside the configuration sets variables; let what it is have another name".to_owned())
            }
            K::NotAFile { .. } => Some(
                "write the configuration to a file; a program that has it from elsewhere says so with `Settings::yaml` or `Settings::figment`"
                    .to_owned(),
            ),
            K::FileTooLarge { .. } => Some(
                "divide it, or let the program read larger files: `Settings::files_up_to`".to_owned(),
            ),
            K::NestedTooDeep { .. } => Some(
                "this bound is fixed; what needs more of it is a text, or a file that the component reads itself".to_owned(),
            ),
            K::RepeatedTooOften { .. } => Some(
                "repeat less, or let the program read larger files: `Settings::files_up_to`".to_owned(),
            ),
            K::UnknownKey {
                suggestion, known, ..
            }
            | K::UnknownInject {
                suggestion, known, ..
            } => match suggestion {
                Some(near) => Some(did_you_mean(near)),
                None if known.is_empty() => Some("no key is expected here".to_owned()),
                None => Some(format!("expected one of {}", list(known))),
            },
            K::ReadAlike { .. } => Some("give one of them another name".to_owned()),
            K::NameOfComponent { .. } => Some("give the service another name".to_owned()),
            K::NoItem { length: 0, .. } => Some("the first item is `0`".to_owned()),
            K::NoItem { length, .. } => Some(format!(
                "items count from `0`, and `{length}` is a new one at the end"
            )),
            K::MissingKey {
                key,
                near: Some(near),
                ..
            } => Some(format!("did you mean `{key}` by `{near}`?")),
            K::WrongType { help, .. } => help.clone(),
            // A name without a plugin may be one of the environment.
            K::UnknownComponent {
                name,
                suggestion: Some(near),
            } if !name.contains(':') && near.contains(':') => Some(format!(
                "did you mean `{near}`? the environment calls it `{}`",
                spelling(near)
            )),
            K::NotOneOf { suggestion, .. }
            | K::UnknownComponent { suggestion, .. }
            | K::UnknownService { suggestion, .. }
            | K::UnknownPlugin { suggestion, .. } => suggestion.as_deref().map(did_you_mean),
            K::LeftOut { winners, .. } if winners.is_empty() => {
                Some("take it out of this configuration, or switch it on there".to_owned())
            }
            K::LeftOut { keep: None, .. } => Some("take it out of this configuration".to_owned()),
            K::LeftOut {
                keep: Some(service),
                ..
            } => Some(format!(
                "take it out of this configuration, or keep it, under `[host]` of plugins.toml: `all = [\"{service}\"]`"
            )),
            K::FeatureMissing {
                feature, package, ..
            } => Some(format!(
                "build it with the feature: `cargo run -p {package} --features {feature}`"
            )),
            K::Duration { .. } => Some(
                "write for example PT5S, 5s, 500ms, 00:05:00 or a number of seconds".to_owned(),
            ),
            K::MissingInject {
                name,
                component,
                candidates,
                providers,
                ..
            } => Some(match (candidates.as_slice(), component) {
                ([], _) => match providers.as_slice() {
                    [] => "configure a service that provides it".to_owned(),
                    [only] => format!("add a service with `use: \"{only}\"`"),
                    several => format!("add a service with `use` and one of {}", list(several)),
                },
                ([first, ..], None) => format!(
                    "choose one: `injects: {{ {name}: {first} }}`; these fit: {}",
                    list(candidates)
                ),
                ([first, ..], Some(component)) => format!(
                    "choose one, in a section `injects` beside `services`: `\"{component}\": {{ {name}: {first} }}`; these fit: {}",
                    list(candidates)
                ),
            }),
            K::NotExactlyOne {
                component, found, ..
            } if found.is_empty() => Some(format!("add a service with `use: \"{component}\"`")),
            K::SeveralRenderers { .. } => {
                Some("keep one; without any, the built-in renderer is used".to_owned())
            }
            K::TemplateNotRendered => Some(
                "write the value itself, or set it from the environment; whoever builds the program may switch on the feature \
                 `templates` of treenail"
                    .to_owned(),
            ),
            K::NotARequirement { suggestion, .. } => Some(match suggestion {
                Some(form) => format!("write it in Cargo's form: `{form}`"),
                None => "write it in Cargo's form, such as `>=1.0.0` or `^1.4`".to_owned(),
            }),
            _ => None,
        }
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// About so many bytes.
fn bytes(number: u64) -> String {
    const MIB: u64 = 1 << 20;
    match number / MIB {
        0 => format!("{number} bytes"),
        several => format!("{several} MiB"),
    }
}

/// At most a dozen names, so that a long list does not bury the message.
fn list(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if names.len() > shown.len() {
        ", ..."
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
}
