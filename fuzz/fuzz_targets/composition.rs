//! Whole compositions: whatever the manifests say, what is generated is Rust, every component comes after what it needs,
//! and neither a second run nor another order of the packages changes a byte.

#![no_main]

use std::collections::BTreeMap;
use std::fmt::Write;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use treenail_build::testing::{Case, Outcome, Package};

/// A composition. Numbers are taken modulo what there is, so that most of it makes sense.
#[derive(Debug, Arbitrary)]
struct World {
    plugins: Vec<Plugin>,
    own: Vec<Component>,
    says: Says,
    overlay: Option<Overlay>,
    features: bool,
    rotation: u8,
}

#[derive(Debug, Arbitrary)]
struct Overlay {
    says: Says,
    own: Vec<Component>,
    /// In force by a condition, and not because somebody asks for it.
    when: Option<When>,
}

/// What a layer states.
#[derive(Debug, Arbitrary)]
struct Says {
    rules: Vec<(u8, Rule)>,
    binds: Vec<(u8, Setting<Named>)>,
    aliases: Vec<(Name, Setting<Named>)>,
    /// Plugins whose components have further names, `once:C0` or `before:C0`.
    renamed: Vec<(bool, u8)>,
    overrides: Vec<(Named, Override)>,
    assertions: Vec<(u8, u8)>,
}

/// A component by its id, or by a further name.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Named {
    Id(u8, u8),
    Further(u8),
    Once(u8),
}

/// A value with its priority and condition.
#[derive(Debug, Arbitrary)]
struct Setting<T> {
    value: T,
    priority: Priority,
    when: Option<When>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Priority {
    Usual,
    Default,
    Force,
    Number(u8),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum When {
    On,
    Off,
    Broken,
    Unix,
    NotUnix,
}

#[derive(Debug, Arbitrary)]
struct Rule {
    enabled: Option<Setting<bool>>,
    optional: Option<Setting<bool>>,
    version: Option<Setting<u8>>,
    when: Option<When>,
}

#[derive(Debug, Arbitrary)]
struct Override {
    enabled: Option<Setting<bool>>,
    when: Option<When>,
}

#[derive(Debug, Arbitrary)]
struct Plugin {
    version: u8,
    newer_contract: bool,
    description: Option<String>,
    requires: Option<(u8, u8)>,
    conflicts: Option<(u8, u8)>,
    api: Option<u8>,
    host: Option<u8>,
    /// The host does not depend on its package, where another plugin does.
    indirect: bool,
    says: Says,
    components: Vec<Component>,
    /// A line of anything, at the end.
    line: Option<String>,
}

#[derive(Debug, Arbitrary)]
struct Component {
    name: Option<Name>,
    description: Option<String>,
    provides: Vec<u8>,
    needs: Vec<Need>,
    scope: Option<Scope>,
    decorates: Option<u8>,
    pipe: bool,
    config: bool,
    before: Option<Named>,
    after: Option<Named>,
    when: Option<When>,
}

#[derive(Debug, Arbitrary)]
struct Need {
    service: Asked,
    form: Form,
    from: Option<Named>,
    field: Option<Name>,
}

/// What is asked for: a trait, a component's own type, or the handle of the component that asks.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Asked {
    Trait(u8),
    Type(u8, u8),
    Handle,
}

#[derive(Debug, Clone, Copy, Arbitrary, PartialEq, Eq)]
enum Form {
    One,
    Optional,
    All,
    Map,
    Lazy,
}

#[derive(Debug, Clone, Copy, Arbitrary, PartialEq, Eq)]
enum Scope {
    Singleton,
    Instance,
    Transient,
}

/// A name: mostly one that is none elsewhere, now and then one that is hard to live with.
#[derive(Debug, Arbitrary)]
enum Name {
    Number(u8),
    Keyword(u8),
    Any(String),
}

const KEYWORDS: [&str; 8] = [
    "type", "self", "Self", "crate", "async", "union", "_", "r#fn",
];
const SERVICES: u8 = 6;
const MOST: usize = 6;

impl Name {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => format!("N{number}"),
            Self::Keyword(number) => KEYWORDS[usize::from(*number) % KEYWORDS.len()].to_owned(),
            Self::Any(text) => text.clone(),
        }
    }
}

impl World {
    fn plugins(&self) -> impl Iterator<Item = (usize, &Plugin)> {
        self.plugins.iter().take(MOST).enumerate()
    }

    /// A component's id. One that is not there is as good as any.
    fn id(&self, plugin: u8, component: u8) -> String {
        let plugin = usize::from(plugin) % (self.plugins.len().min(MOST) + 1);
        let component = component % 4;
        match self.plugins.get(plugin) {
            Some(_) => format!("p{plugin}:C{component}"),
            None => format!("app:H{component}"),
        }
    }

    fn name(&self, name: Named) -> String {
        match name {
            Named::Id(plugin, component) => self.id(plugin, component),
            Named::Further(number) => format!("old:N{}", number % 4),
            Named::Once(number) => format!("once:C{}", number % 4),
        }
    }

    fn is_indirect(&self, number: usize) -> bool {
        self.plugins
            .get(number)
            .is_some_and(|plugin| plugin.indirect)
            && number > 0
    }

    fn case(&self) -> Case {
        let runtime = Package::new("treenail", "0.1.0");
        let runtime = if self.features {
            runtime.features(["config", "pipes"])
        } else {
            runtime
        };
        let mut packages = vec![
            Package::new("api", "1.0.0"),
            Package::new("api", "2.0.0"),
            runtime,
        ];
        for (number, plugin) in self.plugins() {
            let api = if plugin.newer_contract {
                "api 2.0.0"
            } else {
                "api 1.0.0"
            };
            let package = Package::new(format!("p{number}"), &format!("1.{}.0", plugin.version));
            let mut package = package
                .depends_on([api, "treenail"])
                .features(["on"])
                .declares(["off"]);
            for (other, _) in self.plugins().filter(|(other, _)| *other != number) {
                package = package.depends_on([format!("p{other}").as_str()]);
            }
            packages.push(package.manifest(self.plugin(number, plugin)));
        }
        let by = usize::from(self.rotation) % packages.len();
        packages.rotate_left(by);
        let mut host = Package::new("desk", "1.0.0").depends_on(["api 1.0.0", "treenail"]);
        host = host.features(["on"]).declares(["off"]);
        for (number, _) in self
            .plugins()
            .filter(|(number, _)| !self.is_indirect(*number))
        {
            host = host.depends_on([format!("p{number}").as_str()]);
        }
        let mut case = Case::new(host.manifest(self.host())).cfg(["unix"]);
        if self
            .overlay
            .as_ref()
            .is_some_and(|overlay| overlay.when.is_none())
        {
            case = case.overlay("test");
        }
        packages.into_iter().fold(case, Case::beside)
    }

    fn host(&self) -> String {
        let mut text = "treenail = 1\n[host]\n".to_owned();
        self.layer(&mut text, "", &self.says);
        self.components(&mut text, "", &self.own);
        if let Some(Overlay { says, own, when }) = &self.overlay {
            let _ = writeln!(text, "[overlay.test]");
            if let Some(when) = when {
                let _ = writeln!(text, "when = {}", condition(*when));
            }
            self.layer(&mut text, "overlay.test.", says);
            self.components(&mut text, "overlay.test.", own);
        }
        text
    }

    fn components(&self, text: &mut String, prefix: &str, own: &[Component]) {
        for (place, component) in own.iter().take(4).enumerate() {
            // An overlay's take the place of their namesakes.
            let ty = if prefix.is_empty() {
                format!("H{place}")
            } else {
                format!("D{place}")
            };
            self.component(
                text,
                &format!("{prefix}component"),
                (&ty, &format!("H{place}"), "app"),
                component,
            );
        }
    }

    fn layer(&self, text: &mut String, prefix: &str, says: &Says) {
        let _ = writeln!(text, "[{prefix}plugins]");
        let rules: BTreeMap<u8, &Rule> = says
            .rules
            .iter()
            .map(|(plugin, rule)| (plugin % 7, rule))
            .collect();
        for (plugin, rule) in rules {
            let _ = writeln!(text, "p{plugin} = {}", inside(rule));
        }
        let _ = writeln!(text, "[{prefix}bind]");
        let binds: BTreeMap<u8, _> = says
            .binds
            .iter()
            .map(|(service, bind)| (service % SERVICES, bind))
            .collect();
        for (service, bind) in binds {
            let name = quoted(&self.name(bind.value));
            let _ = writeln!(text, "\"dyn api::S{service}\" = {}", setting(&name, bind));
        }
        let _ = writeln!(text, "[{prefix}alias]");
        let mut said = BTreeMap::new();
        for (from, to) in &says.aliases {
            let name = quoted(&self.name(to.value));
            said.insert(format!("old:{}", from.text()), setting(&name, to));
        }
        for (once, plugin) in &says.renamed {
            let former = if *once { "once" } else { "before" };
            let number = plugin % 7;
            for place in 0..4 {
                let (from, to) = (format!("{former}:C{place}"), format!("p{number}:C{place}"));
                said.insert(from, quoted(&to));
            }
        }
        for (from, to) in said {
            let _ = writeln!(text, "{} = {to}", quoted(&from));
        }
        let _ = writeln!(text, "[{prefix}override]");
        let overrides: BTreeMap<String, &Override> = says
            .overrides
            .iter()
            .map(|(name, one)| (self.name(*name), one))
            .collect();
        for (id, one) in overrides {
            let _ = writeln!(text, "{} = {}", quoted(&id), self.changes(one));
        }
        for (service, count) in says.assertions.iter().take(2) {
            let _ = writeln!(
                text,
                "[[{prefix}assert]]\nthat = {{ service = \"dyn api::S{}\", count = \"<={}\" }}\nmessage = \"few\"",
                service % SERVICES,
                count % 5
            );
        }
    }

    fn changes(&self, one: &Override) -> String {
        let mut keys = Vec::new();
        keys.extend(
            one.enabled.as_ref().map(|enabled| {
                format!("enabled = {}", setting(&enabled.value.to_string(), enabled))
            }),
        );
        keys.extend(one.when.map(|when| format!("when = {}", condition(when))));
        format!("{{ {} }}", keys.join(", "))
    }

    fn plugin(&self, number: usize, plugin: &Plugin) -> String {
        let mut text = format!("treenail = 1\n[plugin]\nid = \"p{number}\"\n");
        if let Some(description) = &plugin.description {
            let _ = writeln!(text, "description = {}", quoted(description));
        }
        if let Some(major) = plugin.api {
            let _ = writeln!(text, "api = {{ api = \">={}\" }}", major % 4);
        }
        if let Some(major) = plugin.host {
            let _ = writeln!(text, "host = \"<={}\"", major % 4);
        }
        for (key, other) in [
            ("requires", plugin.requires),
            ("conflicts", plugin.conflicts),
        ] {
            if let Some((other, minor)) = other {
                let _ = writeln!(text, "{key} = {{ p{} = \"^1.{minor}\" }}", other % 7);
            }
        }
        self.layer(&mut text, "", &plugin.says);
        for (place, component) in plugin.components.iter().take(4).enumerate() {
            let name = format!("C{place}");
            self.component(
                &mut text,
                "component",
                (&name, &name, &format!("p{number}")),
                component,
            );
        }
        if let Some(line) = &plugin.line {
            let _ = writeln!(text, "\n{line}");
        }
        text
    }

    fn component(
        &self,
        text: &mut String,
        header: &str,
        (ty, name, plugin): (&str, &str, &str),
        component: &Component,
    ) {
        let _ = writeln!(text, "[[{header}]]\ntype = \"crate::{ty}\"");
        let name = component
            .name
            .as_ref()
            .map_or_else(|| name.to_owned(), Name::text);
        let _ = writeln!(text, "name = {}", quoted(&name));
        if let Some(when) = component.when {
            let _ = writeln!(text, "when = {}", condition(when));
        }
        if let Some(description) = &component.description {
            let _ = writeln!(text, "description = {}", quoted(description));
        }
        if component.pipe {
            text.push_str("kind = \"pipe\"\n");
        }
        if component.config {
            text.push_str("config = \"crate::Config\"\n");
        }
        let services = component.provides.iter().take(3);
        let services = services.map(|service| format!("\"dyn api::S{}\"", service % SERVICES));
        let services = services.collect::<Vec<_>>().join(", ");
        if !services.is_empty() {
            let _ = writeln!(text, "provides = [{services}]");
        }
        if let Some(service) = component.decorates {
            let _ = writeln!(text, "decorate = \"dyn api::S{}\"", service % SERVICES);
        }
        if let Some(scope) = component.scope {
            let scope = match scope {
                Scope::Singleton => "singleton",
                Scope::Instance => "instance",
                Scope::Transient => "transient",
            };
            let _ = writeln!(text, "scope = \"{scope}\"");
        }
        for (key, other) in [("before", component.before), ("after", component.after)] {
            if let Some(name) = other {
                let _ = writeln!(text, "{key} = [{}]", quoted(&self.name(name)));
            }
        }
        let _ = writeln!(text, "[{}.requires]", header);
        let mut fields = BTreeMap::new();
        for (place, need) in component.needs.iter().take(4).enumerate() {
            let field = need
                .field
                .as_ref()
                .map_or_else(|| format!("f{place}"), Name::text);
            fields.entry(field).or_insert(need);
        }
        for (field, need) in fields {
            let _ = writeln!(text, "{} = {}", quoted(&field), self.need(need, plugin));
        }
    }

    fn need(&self, need: &Need, own: &str) -> String {
        let service = match need.service {
            Asked::Trait(number) => format!("dyn api::S{}", number % SERVICES),
            Asked::Handle => "treenail::Handle".to_owned(),
            Asked::Type(plugin, component) => {
                let id = self.id(plugin, component);
                let (plugin, name) = id.split_once(':').unwrap_or_default();
                // Nobody but the host can name what is the host's.
                let is_own = plugin == own || plugin == "app";
                format!("{}::{name}", if is_own { "crate" } else { plugin })
            }
        };
        let mut text = format!("{{ service = \"{service}\"");
        text.push_str(match need.form {
            Form::One => "",
            Form::Optional => ", optional = true",
            Form::All => ", all = true",
            Form::Map => ", map = true",
            Form::Lazy => ", lazy = true",
        });
        if let Some(name) = need.from {
            let _ = write!(text, ", from = {}", quoted(&self.name(name)));
        }
        text.push_str(" }");
        text
    }

    /// Every component with its id and declaration, where the id is the plain one.
    fn declared(&self) -> impl Iterator<Item = (String, &Component)> {
        self.plugins().flat_map(|(number, plugin)| {
            let components = plugin.components.iter().take(4).enumerate();
            components.map(move |(place, component)| {
                let name = component
                    .name
                    .as_ref()
                    .map_or_else(|| format!("C{place}"), Name::text);
                (format!("p{number}:{name}"), component)
            })
        })
    }

    /// Every component comes after what it needs, as far as it needs it from the start.
    fn check_order(&self, outcome: &Outcome) {
        let composed = outcome.composed();
        let place: BTreeMap<&str, usize> = composed
            .components()
            .enumerate()
            .map(|(place, id)| (id, place))
            .collect();
        let scopes: BTreeMap<String, &Component> = self.declared().collect();
        let configured = |id: &str| {
            scopes
                .get(id)
                .is_some_and(|one| one.pipe || one.scope == Some(Scope::Instance))
        };
        for (id, component) in self.declared() {
            let Some(own) = place.get(id.as_str()) else {
                continue;
            };
            for (number, need) in component.needs.iter().take(4).enumerate() {
                let field = need
                    .field
                    .as_ref()
                    .map_or_else(|| format!("f{number}"), Name::text);
                // What the configuration creates may be given anything by name; it waits for what it is given.
                if need.form == Form::Lazy || configured(&id) {
                    continue;
                }
                for provider in composed.providers(&id, &field).unwrap_or_default() {
                    // Which instance is the only one is for the configuration to say.
                    let several = need.form == Form::Optional && configured(provider);
                    assert!(
                        place[provider] < *own || several,
                        "{provider} comes after {id}"
                    );
                }
            }
        }
    }
}

fn condition(when: When) -> &'static str {
    match when {
        When::On => "{ feature = \"on\" }",
        When::Off => "{ feature = \"off\" }",
        When::Broken => "{ feature = \"of\" }",
        When::Unix => "'cfg(unix)'",
        When::NotUnix => "'cfg(not(unix))'",
    }
}

/// A value that is written so, as it is set.
fn setting<T>(value: &str, setting: &Setting<T>) -> String {
    let mut text = format!("{{ value = {value}");
    match setting.priority {
        Priority::Usual if setting.when.is_none() => return value.to_owned(),
        Priority::Usual => {}
        Priority::Default => text.push_str(", priority = \"default\""),
        Priority::Force => text.push_str(", priority = \"force\""),
        Priority::Number(number) => {
            let _ = write!(text, ", priority = {number}");
        }
    }
    if let Some(when) = setting.when {
        let _ = write!(text, ", when = {}", condition(when));
    }
    text + " }"
}

fn inside(rule: &Rule) -> String {
    let mut keys = Vec::new();
    for (key, value) in [("enabled", &rule.enabled), ("optional", &rule.optional)] {
        keys.extend(
            value
                .as_ref()
                .map(|one| format!("{key} = {}", setting(&one.value.to_string(), one))),
        );
    }
    keys.extend(rule.version.as_ref().map(|one| {
        format!(
            "version = {}",
            setting(&format!("\"^1.{}\"", one.value), one)
        )
    }));
    keys.extend(rule.when.map(|when| format!("when = {}", condition(when))));
    format!("{{ {} }}", keys.join(", "))
}

/// A TOML string, whatever is in it.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

fuzz_target!(|world: World| {
    let outcome = world.case().compose();
    let rust = outcome.composed().rust();
    if let Err(error) = syn::parse_file(rust) {
        panic!("{error}:\n{rust}");
    }
    let again = world.case().compose();
    assert_eq!(outcome.messages(), again.messages());
    assert_eq!(rust, again.composed().rust());
    let other = World {
        rotation: world.rotation.wrapping_add(1),
        ..world
    };
    let permuted = other.case().compose();
    assert_eq!(outcome.text(), permuted.text());
    assert_eq!(rust, permuted.composed().rust());
    if !outcome.composed().has_errors() {
        other.check_order(&outcome);
    }
});
