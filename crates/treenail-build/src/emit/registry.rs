//! The registries of a composition: for each its lines, the look-up of a key, and what hands its entries out.
//!
//! A look-up reads an index that rustc computes of the lines, in which it finds a key that stands twice.

use super::chunk::{Chunk, literal, numbers};
use super::entry::{PrintedLine, accepted, value};
use super::host::SERVICES;
use super::printer::Printer;
use super::type_names::checked_registry;
use crate::model::{
    ComponentIx, EntryOff, EntryPath, LeftOutEntry, Registry, RegistryEntry, RegistryIx,
};
use crate::sort::sort_by;

impl Printer<'_> {
    /// The module that every composition has, and each registry that the host's code can name.
    pub(super) fn registries(&self) -> Vec<Chunk> {
        let private = format!("{}::__private", self.runtime);
        let mut chunks = vec![Chunk::new(format!("{private}::registries! {{}}"))];
        let mut names = Vec::new();
        for (number, registry) in self.plan.registries.indexed() {
            let Some(definition) = self.registry_type(number) else {
                continue;
            };
            names.extend(self.spelt(number));
            let comment = format!("Registry `{}`.", registry.display);
            chunks.push(Chunk::under(comment, definition));
            chunks.extend(self.lines(number));
            chunks.extend(self.found(number));
            let in_app = Chunk::new(self.registered_in_app(number));
            chunks.push(in_app.of_application(self.runtime));
        }
        if !names.is_empty() {
            let names = names.join(", ");
            let checked =
                |what: &str| Chunk::new(format!("{private}::checked! {{ {what}: {names} }}"));
            chunks.push(checked("registries"));
            chunks.push(checked("registries of App").of_application(self.runtime));
        }
        chunks
    }

    /// The name of the type that a path of the host's code leads to, or to nothing.
    fn spelt(&self, number: RegistryIx) -> Option<String> {
        let path = self.plan.registries[number].host_path.as_deref()?;
        Some(match self.types.registry_path(path) {
            Some(_) => self.types.get_path(path).to_owned(),
            None => format!("{}Named", registry_name(number)),
        })
    }

    /// The definition of what generated code calls a registry; `None` where the host's code has no way to name it.
    fn registry_type(&self, number: RegistryIx) -> Option<String> {
        let registry = &self.plan.registries[number];
        let name = registry_name(number);
        let alias = |ty: &str| format!("type {name} = {ty};");
        let Some(path) = &registry.host_path else {
            let mut entries = registry.entries.iter();
            let reached = entries.find(|entry| self.plan.plugins[entry.plugin].has_runtime)?;
            let side = self.side_of(reached.plugin);
            return Some(alias(&format!("{side}::Registry{}", reached.number)));
        };
        if let Some(own) = self.types.registry_path(path) {
            return Some(alias(own));
        }
        let named = self.spelt(number)?;
        let checked = checked_registry(self.runtime, &name, &named, "");
        Some(format!("type {named} = {path}; {checked}"))
    }

    /// The lines that no plugin prints itself: those of entries with services, whose number the composition gives, and those of
    /// plugins without a side of their own.
    fn lines(&self, number: RegistryIx) -> Vec<Chunk> {
        let private = format!("{}::__private", self.runtime);
        let registry = registry_name(number);
        let entries = &self.plan.registries[number].entries;
        let (mut chunks, mut made) = (Vec::new(), 0..);
        for (place, entry) in entries.iter().enumerate() {
            let plugin = &self.plan.plugins[entry.plugin];
            let at = match entry.made.and_then(|_| made.next()) {
                Some(made) => format!("{private}::EntryAt::Made({made})"),
                None if plugin.own || plugin.has_runtime => continue,
                None => {
                    let path = entry.host_path.as_deref().unwrap_or_default();
                    let expression = match &entry.what {
                        EntryPath::Value(declared) => value(path, &declared.value),
                        EntryPath::Type(_) => accepted(&private, path, &registry),
                    };
                    format!("{private}::EntryAt::<{registry}>::Constant({expression})")
                }
            };
            let version = literal(&plugin.version.to_string());
            let line = PrintedLine {
                private: &private,
                registry: &registry,
                key: &entry.key,
                plugin: &plugin.id,
                version: &version,
                description: entry.description.as_deref(),
                attributes: &entry.attributes,
            };
            let comment = format!(
                "{} {}, {}",
                plugin.package,
                plugin.version,
                self.sources.place(entry.origin)
            );
            let code = line.print(&format!("__LINE_{number}_{place}"), &at);
            let chunk = Chunk::under(comment, code);
            chunks.push(match entry.made {
                Some(_) => chunk.of_application(self.runtime),
                None => chunk,
            });
        }
        chunks
    }

    /// Path of the line of an entry.
    fn line(&self, number: RegistryIx, place: usize, entry: &RegistryEntry) -> String {
        let plugin = &self.plan.plugins[entry.plugin];
        match entry.made {
            None if plugin.own => format!("__LINE_{}", entry.number),
            None if plugin.has_runtime => {
                format!("{}::LINE_{}", self.side_of(entry.plugin), entry.number)
            }
            _ => format!("__LINE_{number}_{place}"),
        }
    }

    /// The look-up and what `registries::get` hands out. Where entries need services, there is one look-up for applications, which
    /// alone hand these out, and another one for a runtime without a lifecycle, where they are left out.
    fn found(&self, number: RegistryIx) -> Vec<Chunk> {
        let registry = &self.plan.registries[number];
        let name = registry_name(number);
        let named = self.spelt(number).unwrap_or_else(|| name.clone());
        let constant = constant(self.runtime, &number.to_string(), &name, &named);
        if registry.entries.iter().all(|entry| entry.made.is_none()) {
            let code = self.composed(number, registry, true);
            return vec![Chunk::new(format!("{code} {constant}"))];
        }
        let all = self.composed(number, registry, true);
        let only_started = self.only_started(number, registry);
        let runtime = self.runtime;
        let with = format!(
            "{all} {only_started} impl {runtime}::__private::ConstantIn<registries::Composition> for {named} where for<'a> registries::Composition: __{number}Started<'a> \
             {{ type Of = {name}; fn constant() -> &'static {runtime}::Entries<{name}> {{ ::core::unreachable!() }} }}"
        );
        let without = format!("{} {constant}", self.composed(number, registry, false));
        vec![
            Chunk::new(with).of_application(runtime),
            Chunk::new(without).without_application(runtime),
        ]
    }

    /// The look-up of a registry, with its entries that need services or without.
    fn composed(&self, number: RegistryIx, registry: &Registry, with_made: bool) -> String {
        let entries = registry.entries.iter().enumerate();
        let (there, missing): (Vec<_>, Vec<_>) =
            entries.partition(|(_, entry)| with_made || entry.made.is_none());
        let lines = there.into_iter().map(|(place, entry)| {
            let line = self.line(number, place, entry);
            (String::new(), line)
        });
        let mut left_out: Vec<(&str, String)> = registry
            .left_out
            .iter()
            .map(|one| (one.key.as_str(), self.left_out_entry(one)))
            .collect();
        left_out.extend(missing.into_iter().map(|(_, entry)| {
            let key = entry.key.as_str();
            (key, left_out_entry(self.runtime, key, "Lifecycle"))
        }));
        sort_by(&mut left_out, |one, other| one.0.cmp(other.0));
        let left_out = left_out.into_iter().map(|(_, text)| text);
        composed(
            self.runtime,
            &number.to_string(),
            &registry_name(number),
            &literal(&registry.display),
            &lines.collect::<Vec<_>>(),
            &left_out.collect::<String>(),
        )
    }

    fn left_out_entry(&self, one: &LeftOutEntry) -> String {
        let cause = match &one.off {
            EntryOff::Features(features) => format!("Feature({})", literal(&features.join(","))),
            EntryOff::Platform => "Platform".to_owned(),
            EntryOff::Unfit => format!("Incompatible({})", literal(&one.plugin)),
            EntryOff::Off(at) => format!("Off({})", literal(&self.sources.place(*at))),
        };
        left_out_entry(self.runtime, &one.key, &cause)
    }

    /// What hands the entries out to `app.registry`.
    fn registered_in_app(&self, number: RegistryIx) -> String {
        let (runtime, name) = (self.runtime, registry_name(number));
        let registry = &self.plan.registries[number];
        let named = self.spelt(number).unwrap_or_else(|| name.clone());
        let is_made = registry.entries.iter().any(|entry| entry.made.is_some());
        let (argument, entries) = match is_made {
            true => ("app", format!("{SERVICES}(app).r{number}")),
            false => ("_", format!("__ENTRIES_{number}")),
        };
        format!(
            "impl {runtime}::RegisteredIn<App> for {named} {{ type Of = {name}; #[inline] fn registered({argument}: &App) -> &{runtime}::Entries<{name}> {{ &{entries} }} }}"
        )
    }

    /// A trait that no composition has: its message says which entries are made when the application starts.
    ///
    /// The bound speaks of every lifetime: rustc refuses one that is plainly never met where it is written, and not where it is
    /// used.
    fn only_started(&self, number: RegistryIx, registry: &Registry) -> String {
        let made = registry.made();
        let made = made.map(|made| format!("`{}`", self.plan.components[made].id));
        let made: Vec<String> = made.collect();
        let (needs, are) = match made.len() {
            1 => ("needs", "is"),
            _ => ("need", "are"),
        };
        let message = format!(
            "{} {needs} services, and {are} made when `App` starts: `registries::get` cannot hand out `{}`",
            made.join(", "),
            registry.display
        );
        let note = format!(
            "ask the application, `app.registry::<{}>()`, or let a component require it: `{{ registry = \"…\" }}`",
            registry.display
        );
        self.never(&format!("__{number}Started"), &message, &[&note])
    }

    /// The entries of a registry, among the inputs of a component.
    pub(super) fn registry_input(&self, position: usize, number: RegistryIx) -> String {
        let composed = match self.registry_type(number) {
            Some(_) => format!("&__COMPOSED_{number}"),
            None => format!("{}::__private::Composed::EMPTY", self.runtime),
        };
        format!("inputs.registry({position}, {composed})")
    }

    /// Registries with entries that are made of services, which `App` has a field for; with the components that make them.
    pub(super) fn made_registries(
        &self,
    ) -> impl Iterator<Item = (RegistryIx, &Registry, Vec<ComponentIx>)> {
        let registries = self.plan.registries.indexed();
        registries.filter_map(|(number, registry)| {
            let made = registry.made();
            let made: Vec<ComponentIx> = made.collect();
            (!made.is_empty()).then_some((number, registry, made))
        })
    }

    /// What tells people of the registries that the host's code can name.
    pub(super) fn listed(&self) -> String {
        let registries = self.plan.registries.indexed();
        let named = registries.filter(|(number, _)| self.registry_type(*number).is_some());
        let listed = named.map(|(number, _)| format!("__COMPOSED_{number}.listed()"));
        let listed: Vec<String> = listed.collect();
        if listed.is_empty() {
            return String::new();
        }
        format!(
            "fn registries() -> ::std::vec::Vec<{}::__private::Listed> {{ ::std::vec![{}] }} ",
            self.runtime,
            listed.join(", ")
        )
    }

    /// The type of a field of `App` that holds entries.
    pub(super) fn entries_type(&self, number: RegistryIx) -> String {
        format!("{}::Entries<{}>", self.runtime, registry_name(number))
    }

    /// The value of a field of `App` that holds entries.
    pub(super) fn entries_value(number: RegistryIx, made: &[ComponentIx]) -> String {
        format!("core.registry(&__COMPOSED_{number}, &{})", numbers(made))
    }
}

/// What generated code calls a registry. No type that a manifest names is called so: none begins with a digit.
fn registry_name(number: RegistryIx) -> String {
    format!("__{number}R")
}

/// The look-up of a registry and what it finds, numbered: its lines by key, each after an attribute, and elements of what is left out.
pub(super) fn composed(
    runtime: &str,
    number: &str,
    name: &str,
    display: &str,
    lines: &[(String, String)],
    left_out: &str,
) -> String {
    let private = format!("{runtime}::__private");
    let lines = lines
        .iter()
        .map(|(attribute, line)| format!("{attribute} &{line},"));
    let lines: String = lines.collect();
    format!(
        "const __LINES_{number}: &[&{private}::StaticLine<{name}>] = &[{lines}]; \
         static __INDEX_{number}: [{private}::Bucket<{name}>; {private}::buckets(__LINES_{number}.len())] = {private}::index(__LINES_{number}); \
         static __COMPOSED_{number}: {private}::Composed<{name}> = {private}::Composed {{ registry: {display}, lines: __LINES_{number}, index: &__INDEX_{number}, left_out: &[{left_out}] }};"
    )
}

/// What `registries::get` hands out of a registry that is there before anything starts. `named` is its type as it was written, and
/// `name` what generated code calls it.
pub(super) fn constant(runtime: &str, number: &str, name: &str, named: &str) -> String {
    format!(
        "impl {runtime}::__private::ConstantIn<registries::Composition> for {named} {{ type Of = {name}; fn constant() -> &'static {runtime}::Entries<{name}> {{ &__ENTRIES_{number} }} }} \
         static __ENTRIES_{number}: {runtime}::Entries<{name}> = {runtime}::Entries::of(&__COMPOSED_{number});"
    )
}

/// An element of what is left out; `cause` is a value of the runtime's `Cause`, without its path.
pub(super) fn left_out_entry(runtime: &str, key: &str, cause: &str) -> String {
    format!(
        "{runtime}::LeftOutEntry {{ key: {}, cause: {runtime}::__private::Cause::{cause} }},",
        literal(key)
    )
}
