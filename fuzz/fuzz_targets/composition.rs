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
    binds: Vec<(u8, u8, u8)>,
    aliases: Vec<(Name, u8, u8)>,
    rules: Vec<(u8, Rule)>,
    overlay: Option<Overlay>,
    features: bool,
    rotation: u8,
}

#[derive(Debug, Arbitrary)]
struct Overlay {
    rules: Vec<(u8, Rule)>,
    binds: Vec<(u8, u8, u8)>,
    own: Vec<Component>,
}

#[derive(Debug, Arbitrary)]
enum Rule {
    Off,
    Optional,
    Version(u8),
}

#[derive(Debug, Arbitrary)]
struct Plugin {
    version: u8,
    newer_contract: bool,
    description: Option<String>,
    requires: Option<(u8, u8)>,
    conflicts: Option<(u8, u8)>,
    api: Option<u8>,
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
    before: Option<(u8, u8)>,
    after: Option<(u8, u8)>,
}

#[derive(Debug, Arbitrary)]
struct Need {
    service: u8,
    form: Form,
    from: Option<(u8, u8)>,
    field: Option<Name>,
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

const KEYWORDS: [&str; 8] = ["type", "self", "Self", "crate", "async", "union", "_", "r#fn"];
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
            let api = if plugin.newer_contract { "api 2.0.0" } else { "api 1.0.0" };
            let package = Package::new(format!("p{number}"), &format!("1.{}.0", plugin.version));
            let package = package.depends_on([api, "treenail"]);
            packages.push(package.manifest(self.plugin(number, plugin)));
        }
        let by = usize::from(self.rotation) % packages.len();
        packages.rotate_left(by);
        let mut host = Package::new("desk", "1.0.0").depends_on(["api 1.0.0", "treenail"]);
        for (number, _) in self.plugins() {
            host = host.depends_on([format!("p{number}").as_str()]);
        }
        let mut case = Case::new(host.manifest(self.host()));
        if self.overlay.is_some() {
            case = case.overlay("test");
        }
        packages.into_iter().fold(case, Case::beside)
    }

    fn host(&self) -> String {
        let mut text = "treenail = 1\n[host]\n".to_owned();
        self.layer(&mut text, "", &self.rules, &self.binds, &self.own);
        text.push_str("[alias]\n");
        let mut said = BTreeMap::new();
        for (from, plugin, component) in &self.aliases {
            said.insert(from.text(), self.id(*plugin, *component));
        }
        for (from, to) in said {
            let _ = writeln!(text, "{} = {}", quoted(&format!("old:{from}")), quoted(&to));
        }
        if let Some(Overlay { rules, binds, own }) = &self.overlay {
            self.layer(&mut text, "overlay.test.", rules, binds, own);
        }
        text
    }

    fn layer(
        &self,
        text: &mut String,
        prefix: &str,
        rules: &[(u8, Rule)],
        binds: &[(u8, u8, u8)],
        own: &[Component],
    ) {
        let _ = writeln!(text, "[{prefix}plugins]");
        let rules: BTreeMap<u8, &Rule> = rules.iter().map(|(plugin, rule)| (plugin % 7, rule)).collect();
        for (plugin, rule) in rules {
            let _ = match rule {
                Rule::Off => writeln!(text, "p{plugin} = {{ enabled = false }}"),
                Rule::Optional => writeln!(text, "p{plugin} = {{ optional = true }}"),
                Rule::Version(minor) => writeln!(text, "p{plugin} = \"^1.{minor}\""),
            };
        }
        let _ = writeln!(text, "[{prefix}bind]");
        let binds: BTreeMap<u8, String> = binds
            .iter()
            .map(|(service, plugin, component)| (service % SERVICES, self.id(*plugin, *component)))
            .collect();
        for (service, id) in binds {
            let _ = writeln!(text, "\"dyn api::S{service}\" = {}", quoted(&id));
        }
        for (place, component) in own.iter().take(4).enumerate() {
            self.component(text, &format!("{prefix}component"), &format!("H{place}"), component);
        }
    }

    fn plugin(&self, number: usize, plugin: &Plugin) -> String {
        let mut text = format!("treenail = 1\n[plugin]\nid = \"p{number}\"\n");
        if let Some(description) = &plugin.description {
            let _ = writeln!(text, "description = {}", quoted(description));
        }
        if let Some(major) = plugin.api {
            let _ = writeln!(text, "api = {{ api = \">={}\" }}", major % 4);
        }
        for (key, other) in [("requires", plugin.requires), ("conflicts", plugin.conflicts)] {
            if let Some((other, minor)) = other {
                let _ = writeln!(text, "{key} = {{ p{} = \"^1.{minor}\" }}", other % 7);
            }
        }
        for (place, component) in plugin.components.iter().take(4).enumerate() {
            self.component(&mut text, "component", &format!("C{place}"), component);
        }
        if let Some(line) = &plugin.line {
            let _ = writeln!(text, "\n{line}");
        }
        text
    }

    fn component(&self, text: &mut String, header: &str, ty: &str, component: &Component) {
        let _ = writeln!(text, "[[{header}]]\ntype = \"crate::{ty}\"");
        if let Some(name) = &component.name {
            let _ = writeln!(text, "name = {}", quoted(&name.text()));
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
            if let Some((plugin, name)) = other {
                let _ = writeln!(text, "{key} = [{}]", quoted(&self.id(plugin, name)));
            }
        }
        let _ = writeln!(text, "[{}.requires]", header);
        let mut fields = BTreeMap::new();
        for (place, need) in component.needs.iter().take(4).enumerate() {
            let field = need.field.as_ref().map_or_else(|| format!("f{place}"), Name::text);
            fields.entry(field).or_insert(need);
        }
        for (field, need) in fields {
            let _ = writeln!(text, "{} = {}", quoted(&field), self.need(need));
        }
    }

    fn need(&self, need: &Need) -> String {
        let mut text = format!("{{ service = \"dyn api::S{}\"", need.service % SERVICES);
        text.push_str(match need.form {
            Form::One => "",
            Form::Optional => ", optional = true",
            Form::All => ", all = true",
            Form::Map => ", map = true",
            Form::Lazy => ", lazy = true",
        });
        if let Some((plugin, component)) = need.from {
            let _ = write!(text, ", from = {}", quoted(&self.id(plugin, component)));
        }
        text.push_str(" }");
        text
    }

    /// Every component with its id and declaration, where the id is the plain one.
    fn declared(&self) -> impl Iterator<Item = (String, &Component)> {
        self.plugins().flat_map(|(number, plugin)| {
            let components = plugin.components.iter().take(4).enumerate();
            components.map(move |(place, component)| {
                let name = component.name.as_ref().map_or_else(|| format!("C{place}"), Name::text);
                (format!("p{number}:{name}"), component)
            })
        })
    }

    /// Every component comes after what it needs, as far as it needs it from the start.
    fn check_order(&self, outcome: &Outcome) {
        let composed = outcome.composed();
        let place: BTreeMap<&str, usize> = composed.components().enumerate().map(|(place, id)| (id, place)).collect();
        let scopes: BTreeMap<String, &Component> = self.declared().collect();
        let configured = |id: &str| {
            scopes.get(id).is_some_and(|one| one.pipe || one.scope == Some(Scope::Instance))
        };
        for (id, component) in self.declared() {
            let Some(own) = place.get(id.as_str()) else {
                continue;
            };
            for (number, need) in component.needs.iter().take(4).enumerate() {
                let field = need.field.as_ref().map_or_else(|| format!("f{number}"), Name::text);
                // What the configuration creates may be given anything by name; it waits for what it is given.
                if need.form == Form::Lazy || configured(&id) {
                    continue;
                }
                for provider in composed.providers(&id, &field).unwrap_or_default() {
                    // Which instance is the only one is for the configuration to say.
                    let several = need.form == Form::Optional && configured(provider);
                    assert!(place[provider] < *own || several, "{provider} comes after {id}");
                }
            }
        }
    }
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
    let other = World { rotation: world.rotation.wrapping_add(1), ..world };
    let permuted = other.case().compose();
    assert_eq!(outcome.text(), permuted.text());
    assert_eq!(rust, permuted.composed().rust());
    if !outcome.composed().has_errors() {
        other.check_order(&outcome);
    }
});
