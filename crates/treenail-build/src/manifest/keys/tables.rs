//! The tables of keys, to be read as one long page: a key with what may stand there, and a sentence about it.
//!
//! The formatter leaves this file alone, so that every key has its two lines.

use crate::manifest::words::{KINDS, LEVELS, POLICIES, PRIORITIES, RELOADS, SCOPES};
use super::key::{Held, Key, KeyTable, Presence, ValueKind, key};
use Presence::{Beside, Default, OneOfThese, Optional, Required, SomeOfThese};
use ValueKind::{
    AnyName, CargoTable, ComponentId, Condition, DashedName, Deadline, Dependency, Duration, Either, EntryKey, Format, Item, Lines,
    Lint, List, Name, Number, Off, OwnType, PackageDependency, PluginId, Setting, Stated, Table, TableOfSettings, Tables, Text, Trait, Truth,
    Type, Version, Versions, Word,
};

const NEEDS: ValueKind = Either(&Type, &Table(&NEED));
const OVERLAYS: ValueKind = Table(&OVERLAY);
const OVERRIDES: ValueKind = Table(&OVERRIDE);
const RESTARTS: ValueKind = Either(&Word(|| words(POLICIES)), &Table(&RESTART));
const RULES: ValueKind = Either(&Versions, &Table(&RULE));
const SERVICES: ValueKind = List(&Type);
const ENTRIES: ValueKind = Lines(&EntryKey, &ENTRY_LINES, "key = { value = \"crate::path\" }");
const ENTRY_LINES: ValueKind = Either(&Type, &Either(&Off, &Table(&ENTRY)));
const ENTRY_VALUE: ValueKind = Either(&Item, &Off);
const TUNINGS: ValueKind = Table(&TUNING);

const PRIORITY: ValueKind = Either(&Word(|| words(PRIORITIES)), &Number(Some(u32::MAX)));

const WHEN: Key = key("when", Condition, Optional,
    "It is there only where this holds: { feature = \"name\" }, or 'cfg(unix)'.");

/// What a manifest and its overlays may both say.
const LAYER: &[Key] = &[
    key("plugins", Lines(&PluginId, &RULES, "id = \"^1.2\""), Optional,
        "Which plugins take part, and how: a version that the composition insists on, or a table."),
    key("bind", Lines(&AnyName, &Setting(&ComponentId), "\"dyn path::Trait\" = \"plugin:Name\""), Optional,
        "Who answers where several components provide a service: \"dyn path::Trait\" = \"plugin:Name\"."),
    key("alias", Lines(&AnyName, &Setting(&Text), "\"old:Name\" = \"plugin:Name\""), Optional,
        "Further names: \"old:Name\" = \"plugin:Name\", old = \"plugin\"."),
    key("lifecycle", Lines(&ComponentId, &TUNINGS, "\"plugin:Name\" = { deadline = { start = \"5s\" } }"), Optional,
        "Deadlines and restarts of components, by id."),
    key("override", Lines(&ComponentId, &OVERRIDES, "\"plugin:Name\" = { enabled = false }"), Optional,
        "Which components of plugins are left out, by id."),
    key("component", Tables(&COMPONENT), Optional,
        "Components that this package contributes."),
    key("registry", Lines(&AnyName, &ENTRIES, "[registry.\"path::Type\"]"), Optional,
        "Entries of registries, by key: functions, values and types under names."),
    key("assert", Tables(&ASSERT), Optional,
        "What has to hold of the composition."),
    key("lints", Lines(&Lint, &Setting(&Word(|| words(LEVELS))), "unused_bind = \"allow\""), Optional,
        "What becomes of warnings."),
];

pub(crate) static MANIFEST: KeyTable = KeyTable {
    title: "`plugins.toml`",
    example: "",
    groups: &[
        &[
            key("treenail", Format, Required("treenail = 1"),
                "Format of the manifest."),
            key("host", Table(&HOST), Optional,
                "This package composes an application."),
            key("plugin", Table(&PLUGIN), Optional,
                "This package is a plugin."),
        ],
        LAYER,
        &[
            key("overlay", Lines(&PluginId, &OVERLAYS, "[overlay.NAME]"), Optional,
                "Named sets of changes."),
            key("lock", Table(&LOCK), Optional,
                "What `cargo treenail lock` writes down."),
            key("distribution", Table(&DISTRIBUTION), Optional,
                "An edition of an application: `cargo treenail dist` writes its package, which composes as one with `[host]`."),
        ],
    ],
};

pub(crate) static LOCK: KeyTable = KeyTable {
    title: "`[lock]`",
    example: "",
    groups: &[&[
        key("features", List(&List(&Text)), Optional,
            "Sets of features that the program is built with, besides the default ones, none, all, and each alone."),
        key("targets", List(&Text), Default("this machine's"),
            "Target triples that the program is built for."),
    ]],
};

pub(crate) static DISTRIBUTION: KeyTable = KeyTable {
    title: "`[distribution]`",
    example: "",
    groups: &[&[
        key("name", DashedName, Required("name = \"my-edition\""),
            "Name of the package, and of its program."),
        key("host", PackageDependency, Required("host = { package = \"my-host\", path = \"../host\" }"),
            "The library that has the application's `main`, as a dependency of Cargo's that names its `package`."),
        key("plugins", Lines(&DashedName, &Dependency, "my-plugin = { path = \"../plugin\" }"), Optional,
            "The packages of its plugins, as dependencies of Cargo's."),
        key("package", CargoTable, Optional,
            "Further keys of the package, as Cargo's `[package]` has them."),
        key("patch", CargoTable, Optional,
            "What takes the place of other packages, as Cargo's `[patch]` says it."),
    ]],
};

pub(crate) static OVERLAY: KeyTable = KeyTable {
    title: "`[overlay.NAME]`",
    example: "",
    groups: &[
        &[
            WHEN,
            key("host", Table(&OVERLAY_HOST), Optional,
                "What is different about the host."),
        ],
        LAYER,
    ],
};

/// What `[host]` of a manifest and of an overlay may both say.
const HOST_SETTINGS: &[Key] = &[
    key("api", Setting(&Version), Default("the version of its package, of an edition that of the library with its `main`"),
        "Version of the host's plugin interface."),
    key("root", Setting(&DashedName), Default("the package's name with `_` for `-`"),
        "Root key of the configuration file."),
    key("all", Setting(&SERVICES), Optional,
        "Services of which the application asks for every provider: none of them is left out."),
    key("logging", Setting(&Truth), Default("`false`"),
        "The configuration may say how the application logs, and `App::logging` reads it."),
];

pub(crate) static HOST: KeyTable = KeyTable {
    title: "`[host]`",
    example: "",
    groups: &[
        HOST_SETTINGS,
        &[
            key("locked", Truth, Default("`false`"),
                "Compose from plugins.lock alone, and refuse one that is behind."),
        ],
    ],
};

pub(crate) static OVERLAY_HOST: KeyTable = KeyTable {
    title: "`[overlay.NAME.host]`",
    example: "",
    groups: &[HOST_SETTINGS],
};

pub(crate) static PLUGIN: KeyTable = KeyTable {
    title: "`[plugin]`",
    example: "",
    groups: &[&[
        key("id", PluginId, Required("id = \"my-plugin\""),
            "Namespace of the plugin's components."),
        key("description", Text, Optional,
            "One sentence for people."),
        key("api", Lines(&DashedName, &Versions, "name = \"^1.2\""), Optional,
            "Contract packages, with the versions that the plugin supports."),
        key("host", Versions, Optional,
            "Versions of `[host] api` that the plugin works with."),
        key("requires", Lines(&PluginId, &Versions, "name = \"^1.2\""), Optional,
            "Other plugins that have to be there, by id, with their versions."),
        key("conflicts", Lines(&PluginId, &Versions, "name = \"^1.2\""), Optional,
            "Plugins that must not be there, by id, with their versions."),
        key("hooks", OwnType, Optional,
            "The type with the plugin's setup and cleanup."),
    ]],
};

pub(crate) static COMPONENT: KeyTable = KeyTable {
    title: "`[[component]]`",
    example: "",
    groups: &[&[
        key("type", OwnType, Required("type = \"crate::MyComponent\""),
            "The Rust type: `crate::Mailer`."),
        key("name", Name, Default("the type's last segment"),
            "Name within the plugin."),
        key("description", Text, Optional,
            "One sentence for people."),
        key("kind", Word(|| words(KINDS)), Default("`service`"),
            "An ordinary component, or a step of a pipeline."),
        key("scope", Word(|| words(SCOPES)), Default("`singleton`"),
            "One per application, as many as the configuration names, or one per injection."),
        key("provides", List(&Type), Optional,
            "Services: `dyn path::Trait`."),
        key("requires", Lines(&Name, &NEEDS, "http = \"dyn path::Trait\""), Optional,
            "What it needs, by field: `dyn path::Trait`, or a table with `service`."),
        key("config", Type, Optional,
            "Type of its configuration."),
        key("params", Type, Beside("kind"),
            "Type of a pipe's parameters."),
        key("decorate", Trait, Optional,
            "The service of which it wraps every provider."),
        key("before", List(&ComponentId), Optional,
            "Comes before these components among the providers of a service."),
        key("after", List(&ComponentId), Optional,
            "Comes after these."),
        key("deadline", Table(&DEADLINE), Optional,
            "How long its phases may take."),
        key("restart", RESTARTS, Default("`never`"),
            "Whether it is started again when it fails."),
        key("fatal", Truth, Default("`false`"),
            "Whether its failure stops the application."),
        key("reload", Word(|| words(RELOADS)), Default("`recreate`"),
            "How it is replaced where a reload has something else for it."),
        WHEN,
    ]],
};

pub(crate) static NEED: KeyTable = KeyTable {
    title: "one requirement",
    example: "requires = { http = { service = \"dyn path::Trait\", lazy = true } }",
    groups: &[&[
        key("service", Type, OneOfThese,
            "The service: `dyn path::Trait`."),
        key("registry", Type, OneOfThese,
            "Every entry of this registry, alone in its table: `treenail::Entries<_>`."),
        key("optional", Truth, Optional,
            "May be absent: `Option<Arc<_>>`."),
        key("all", Truth, Optional,
            "Every provider, in order: `Vec<Arc<_>>`."),
        key("map", Truth, Optional,
            "Every provider, by its id: `BTreeMap<String, Arc<_>>`."),
        key("lazy", Truth, Optional,
            "Usable once the application is built: breaks a cycle."),
        key("current", Truth, Optional,
            "Follows reloads: `treenail::Current<_>`."),
        key("from", ComponentId, Optional,
            "This very provider."),
        key("named", Truth, Optional,
            "One of the instances that the configuration names: by `injects`, or the only one."),
    ]],
};

pub(crate) static ENTRY: KeyTable = KeyTable {
    title: "a line of `[registry]`",
    example: "key = { value = \"crate::path\" }",
    groups: &[&[
        key("value", ENTRY_VALUE, OneOfThese,
            "A function, a constant or a static that is an entry: `crate::path`. `false`, of a host: no plugin's entry counts."),
        key("type", Type, OneOfThese,
            "A type that the registry accepts: `crate::Type`. Alone, it is written as `key = \"crate::Type\"`."),
        key("from", PluginId, OneOfThese,
            "Of a host: this plugin's entry counts."),
        key("requires", Lines(&Name, &NEEDS, "field = \"dyn path::Trait\""), Beside("type"),
            "What the entry is made of, by field: services, as of a component. Its type is one of this package."),
        key("description", Text, Optional,
            "One sentence for people."),
        key("attributes", Lines(&Text, &Text, "name = \"text\""), Optional,
            "What else is said of the entry, by name: texts."),
        key("priority", PRIORITY, Optional,
            "Beside `from` or `value = false`, which of several statements counts, as of a setting."),
        WHEN,
    ]],
};

pub(crate) static RULE: KeyTable = KeyTable {
    title: "a line of `[plugins]`",
    example: "mail = { version = \"^1.2\", optional = true }",
    groups: &[&[
        key("version", Setting(&Versions), Optional,
            "Versions that the composition insists on."),
        key("enabled", Setting(&Truth), Default("`true`"),
            "`false` leaves the plugin out."),
        key("optional", Setting(&Truth), Default("`false`"),
            "It may fail, or not fit, without taking the application down."),
        WHEN,
    ]],
};

pub(crate) static OVERRIDE: KeyTable = KeyTable {
    title: "a line of `[override]`",
    example: "\"plugin:Name\" = { enabled = false }",
    groups: &[&[
        key("enabled", Setting(&Truth), Default("`true`"),
            "`false` leaves the component out."),
        WHEN,
    ]],
};

pub(crate) static TUNING: KeyTable = KeyTable {
    title: "a line of `[lifecycle]`",
    example: "\"plugin:Name\" = { deadline = { start = \"5s\" } }",
    groups: &[&[
        key("deadline", TableOfSettings(&DEADLINE), Optional,
            "How long its phases may take."),
        key("restart", Setting(&RESTARTS), Optional,
            "Whether it is started again when it fails."),
        key("fatal", Setting(&Truth), Default("`false`"),
            "Whether its failure stops the application."),
        WHEN,
    ]],
};

pub(crate) static DEADLINE: KeyTable = KeyTable {
    title: "`deadline`",
    example: "deadline = { build = \"10s\", start = \"30s\", stop = \"5s\" }",
    groups: &[&[
        key("build", Deadline, Optional,
            "How long it may take to build it: \"30s\"."),
        key("start", Deadline, Optional,
            "How long it may take to start it: \"30s\"."),
        key("stop", Deadline, Optional,
            "How long it may take to stop it: \"30s\"."),
    ]],
};

pub(crate) static RESTART: KeyTable = KeyTable {
    title: "`restart`",
    example: "restart = { restarts = 5, within = \"1m\" }",
    groups: &[&[
        key("restarts", Number(Some(u32::MAX)), Default("5"),
            "How many restarts there may be."),
        key("within", Duration, Default("1m"),
            "In which time so many restarts may be: \"1m\"."),
        key("initial", Duration, Default("200ms"),
            "The pause before the first restart: \"100ms\"."),
        key("longest", Duration, Default("30s"),
            "The longest pause before a restart: \"30s\"."),
        key("healthy_after", Duration, Default("10s"),
            "How long the next run has to hold before all is well again: \"10s\"."),
    ]],
};

pub(crate) static ASSERT: KeyTable = KeyTable {
    title: "`[[assert]]`",
    example: "",
    groups: &[&[
        key("that", Table(&THAT), Required("that = { plugin = \"id\" }"),
            "What has to hold."),
        key("message", Text, Required("message = \"why it has to hold\""),
            "What to say where it does not."),
        WHEN,
    ]],
};

/// What an assertion says of a composition.
const CLAIMS: &[Key] = &[
    key("plugin", PluginId, SomeOfThese,
        "This plugin takes part."),
    key("component", ComponentId, SomeOfThese,
        "This component is there."),
    key("service", Type, SomeOfThese,
        "This service is provided: `dyn path::Trait`."),
    key("count", Either(&Text, &Number(None)), Beside("service"),
        "How many components provide the service: 2, or \">=1, <4\"."),
];

pub(crate) static THAT: KeyTable = KeyTable {
    title: "`that`",
    example: "that = { plugin = \"id\" }",
    groups: &[
        CLAIMS,
        &[
            key("not", Table(&NOT), SomeOfThese,
                "These do not hold together."),
        ],
    ],
};

pub(crate) static NOT: KeyTable = KeyTable {
    title: "`not`",
    example: "not = { plugin = \"id\" }",
    groups: &[CLAIMS],
};

pub(crate) static CONDITION: KeyTable = KeyTable {
    title: "a condition",
    example: "when = { feature = \"name\" }",
    groups: &[&[
        key("feature", Text, Required("feature = \"name\""),
            "A feature of the package that is on."),
    ]],
};

pub(crate) static SETTING: KeyTable = KeyTable {
    title: "a setting",
    example: "root = { value = \"name\", priority = \"force\", when = 'cfg(unix)' }",
    groups: &[&[
        key("value", Stated, Required("value = …"),
            "What is stated."),
        key("priority", PRIORITY, Default("that of its layer"),
            "Which of several statements counts: \"default\" (1000), \"force\" (50), or a number. The smallest wins."),
        WHEN,
    ]],
};

/// Tables whose keys are the author's.
pub(crate) static LINES: KeyTable = KeyTable {
    title: "",
    example: "",
    groups: &[],
};

/// Every table, in the order of the reference.
pub(crate) const ALL: &[&KeyTable] = &[
    &MANIFEST, &PLUGIN, &COMPONENT, &NEED, &DEADLINE, &RESTART, &ENTRY, &HOST, &DISTRIBUTION, &LOCK, &RULE, &OVERRIDE, &TUNING,
    &OVERLAY, &OVERLAY_HOST, &ASSERT, &THAT, &NOT, &CONDITION, &SETTING,
];

/// What does not go together in a table: where the first holds, none of the others does.
pub(super) static APART: &[(&KeyTable, Held, &[Held])] = &[
    (&NEED, Held::Key("registry"), &[Held::Key("optional"), Held::Key("all"), Held::Key("map"), Held::Key("lazy"), Held::Key("current"),
        Held::Key("from"), Held::Key("named")]),
    (&NEED, Held::Key("optional"), &[Held::Key("all"), Held::Key("map"), Held::Key("lazy"), Held::Key("current")]),
    (&NEED, Held::Key("all"), &[Held::Key("map"), Held::Key("lazy"), Held::Key("current"), Held::Key("from"), Held::Key("named")]),
    (&NEED, Held::Key("map"), &[Held::Key("lazy"), Held::Key("current"), Held::Key("from"), Held::Key("named")]),
    (&NEED, Held::Key("lazy"), &[Held::Key("current")]),
    (&NEED, Held::Key("from"), &[Held::Key("named")]),
    (&COMPONENT, Held::Word("kind", "pipe"), &[Held::Key("config"), Held::Key("provides"), Held::Key("decorate"),
        Held::Word("scope", "singleton"), Held::Word("scope", "transient")]),
    (&COMPONENT, Held::Key("params"), &[Held::Word("kind", "service")]),
    (&COMPONENT, Held::Key("decorate"), &[Held::Key("provides"), Held::Word("scope", "instance"),
        Held::Word("scope", "transient")]),
    (&ENTRY, Held::Key("type"), &[Held::Key("priority")]),
    (&ENTRY, Held::Text("value"), &[Held::Key("priority")]),
    (&ENTRY, Held::Off("value"), &[Held::Key("description"), Held::Key("attributes")]),
    (&ENTRY, Held::Key("from"), &[Held::Key("description"), Held::Key("attributes")]),
];

/// Other words for keys, as people write them.
pub(super) static WORDS: &[(&KeyTable, &str, &str)] = &[
    (&MANIFEST, "registries", "registry"),
    (&MANIFEST, "entries", "registry"),
    (&HOST, "lock", "locked"),
    (&PLUGIN, "name", "id"),
    (&COMPONENT, "path", "type"),
    (&COMPONENT, "struct", "type"),
    (&COMPONENT, "implements", "provides"),
    (&COMPONENT, "needs", "requires"),
    (&COMPONENT, "depends", "requires"),
    (&COMPONENT, "dependencies", "requires"),
    (&NEED, "trait", "service"),
    (&NEED, "type", "service"),
    (&NEED, "entries", "registry"),
    (&ENTRY, "fn", "value"),
    (&ENTRY, "const", "value"),
    (&ENTRY, "path", "value"),
    (&ENTRY, "needs", "requires"),
    (&ENTRY, "metadata", "attributes"),
    (&DISTRIBUTION, "dependencies", "plugins"),
    (&DISTRIBUTION, "replace", "patch"),
    (&DISTRIBUTION, "replaces", "patch"),
    (&ASSERT, "reason", "message"),
];

/// Keys that tables once had, or that people look for there, each with what to write instead.
pub(super) static REMOVED: &[(&KeyTable, &str, &str)] = &[
    (&OVERRIDE, "provides", "take it out of `provides` in the plugin's own manifest, or choose another provider in `[bind]`"),
    (&OVERRIDE, "before", "write `before` or `after` in the `[[component]]` that asks for this order"),
    (&OVERRIDE, "after", "write `before` or `after` in the `[[component]]` that asks for this order"),
    (&NEED, "dyn", "write `service = \"dyn path::Trait\"`"),
    (&CONDITION, "target", "write `'cfg(…)'` alone; with a feature, `'cfg(all(feature = \"name\", unix))'`"),
    (&CONDITION, "all", "write it as in an attribute, `'cfg(all(feature = \"name\", unix))'`"),
    (&CONDITION, "any", "write it as in an attribute, `'cfg(any(feature = \"name\", unix))'`"),
    (&CONDITION, "not", "write it as in an attribute, `'cfg(not(feature = \"name\"))'`"),
    (&THAT, "all", "write its keys beside each other, or an `[[assert]]` for each"),
    (&THAT, "any", "write an `[[assert]]` for each thing that has to hold, or count the providers of a service with `count`"),
    (&THAT, "version", "say which versions will do in the host's `[plugins]`, or in `requires` of `[plugin]`: `id = \"^1.2\"`"),
    (&THAT, "feature", "write `when = { feature = \"name\" }` beside `that`, and what has to hold with the feature in `that`"),
    (&THAT, "target", "write `when = 'cfg(…)'` beside `that`, and what has to hold for this target in `that`"),
    (&THAT, "overlay", "write the assertion into the overlay, `[[overlay.NAME.assert]]`"),
    (&NOT, "all", "write its keys beside each other"),
    (&DISTRIBUTION, "version", "write it into `package`, which has what Cargo's `[package]` has: `package = { version = \"1.0.0\" }`"),
    (&DISTRIBUTION, "edition", "write it into `package`, which has what Cargo's `[package]` has: `package = { edition = \"2024\" }`"),
    (&DISTRIBUTION, "profile", "say it in a `.cargo/config.toml` beside this file"),
    (&NOT, "any", "write an `[[assert]]` with `not` for each of them"),
    (&NOT, "not", "write what is in it into `that`"),
];

fn words<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(word, _)| *word).collect()
}

