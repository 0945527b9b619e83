//! Every message, as its reader sees it: `tests/gallery.txt`. `BLESS=1` writes it anew.
//! Most of this file is a table with one of every kind of mistake, and so longer than other files.

mod layers;
mod locks;
mod registries;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::{messages, render, render_terminal};
use crate::diagnostic::mistake::{
    Absence, AliasFault, AliasMistake, ApiNotADependency, BindAmongPlugins, BindReversed,
    BlankManifest, CargoFailed, CargoFault, ComponentUse, Conflict, ConflictWithItself,
    ContractTwice, ContractVersion, Contradiction, Cure, Cycle, CycleStep, DeniedBySlip,
    DoesNotApply, DoesNotProvide, DuplicateComponent, EmptyRange, Excluding, FeatureMissing,
    FeatureOff, Fit, HostVersion, HostWithoutLibrary, HostWithoutRuntime, IndirectPlugin,
    InvalidToml, KeyCure, MetadataFault, MetadataMalformed, Misfit, MissingKey, NameFault, NameOf,
    Named, NearMiss, NoInstances, NoLibrary, NoPluginOfDistribution, NoProvider, NoSuchItem,
    NotADependency, NotAName, NotATypePath, NotAVersion, NothingForHost, NothingToCompose,
    NothingToDecorate, Nowhere, OptionalProvider, OrderWithoutService, PluginAbsence,
    PluginIdTwice, PluginLeftOut, PluginMeant, PluginVersion, PluginsMeant, ReadAlike, Repeated,
    RequiredPluginMissing, RequiredPluginVersion, RequiresItself, Role, SeveralProviders,
    TypeDeclaredTwice, UndeclaredPlugin, UndeclaredPluginNamed, UnknownCfgValue, UnknownComponent,
    UnknownFormat, UnknownKey, UnknownOverlay, UnknownPlugin, UnknownValue, Unmet, Unreadable,
    UnusedBind, Way, WrongScope, WrongType,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Hop, Mistake, Needer};
use crate::model::type_path::PathFault;
use crate::model::{Absent, Undeclared};
use crate::source::{Origin, SourceId, Sources};
use crate::testing::{Case, Package};

const PLUGIN: &str = r#"treenail = 1
[plugin]
id = "mailer"
api = { helpdesk-api = ">=1.2, <2" }
requires = { http = "^0.3" }
[[component]]
type = "crate::Mailer"
requires = { http = "dyn http::Client", clock = "dyn time::Clock" }
"#;

const HOST: &str = r#"treenail = 1
[host]
api = "2.0.0"
[plugins]
mailer = { optional = true }
[bind]
"dyn http::Client" = "http:Client"
[alias]
"old:A" = "new:A"
"#;

struct Stage {
    sources: Sources,
    problems: Diagnostics,
}

impl Stage {
    fn new() -> Self {
        let mut sources = Sources::default();
        sources.add("plugins.toml", HOST);
        sources.add("acme-mailer/plugins.toml", PLUGIN);
        Self {
            sources,
            problems: Diagnostics::default(),
        }
    }

    fn at(&self, source: u32, text: &str) -> Origin {
        let source = SourceId(source);
        let start = self
            .sources
            .get(source)
            .text
            .find(text)
            .expect("in the text");
        Origin {
            source,
            start: u32::try_from(start).expect("small"),
            end: u32::try_from(start + text.len()).expect("small"),
        }
    }
}

fn s(text: &str) -> String {
    text.to_owned()
}

fn undeclared(stage: &Stage) -> Undeclared {
    Undeclared {
        id: s("mailer"),
        package: s("acme-mailer"),
        file: s("acme-mailer/Cargo.toml"),
        at: Some(plugin(stage, "\"mailer\"")),
        names: BTreeSet::new(),
    }
}

fn host(stage: &Stage, text: &str) -> Origin {
    stage.at(0, text)
}

fn plugin(stage: &Stage, text: &str) -> Origin {
    stage.at(1, text)
}

/// One of every kind about manifests and packages.
fn of_the_front(stage: &Stage) -> Vec<Diagnostic> {
    let id = plugin(stage, "\"mailer\"");
    vec![
        Diagnostic::new(
            InvalidToml::Syntax(s("key with no value, expected `=`")),
            id,
        ),
        Diagnostic::new(
            UnknownKey {
                key: s("k"),
                table: s("[plugin]"),
                expected: vec![s("id"), s("api")],
                cure: KeyCure::Unknown,
            },
            id,
        ),
        Diagnostic::new(
            UnknownKey {
                key: s("any"),
                table: s("`when`"),
                expected: vec![s("feature")],
                cure: KeyCure::Gone("write it as in an attribute"),
            },
            id,
        ),
        Diagnostic::new(PluginsMeant, id),
        Diagnostic::new(PluginMeant, host(stage, "[plugins]")),
        Diagnostic::new(
            BlankManifest {
                should: Role::Plugin(s("mailer")),
            },
            id,
        ),
        Diagnostic::new(
            BindReversed {
                provider: s("http:Client"),
                service: s("dyn http::Client"),
            },
            host(stage, "\"http:Client\""),
        ),
        Diagnostic::new(
            BindAmongPlugins {
                service: s("dyn http::Client"),
                line: s("\"dyn http::Client\" = \"http:Client\""),
            },
            host(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            DeniedBySlip {
                id: s("mialer"),
                suggestion: s("mailer"),
            },
            host(stage, "mailer"),
        ),
        Diagnostic::new(ConflictWithItself { id: s("mailer") }, id),
        Diagnostic::new(RequiresItself { id: s("mailer") }, id),
        Diagnostic::new(
            WrongType {
                key: s("id"),
                expected: s("a string"),
                found: s("an integer"),
            },
            id,
        ),
        Diagnostic::new(
            MissingKey {
                keys: vec![(s("id"), s("id = \"my-plugin\""))],
                table: s("[plugin]"),
            },
            id,
        ),
        Diagnostic::new(
            UnknownValue {
                key: s("scope"),
                value: s("x"),
                expected: vec![s("singleton"), s("instance")],
                suggestion: None,
            },
            id,
        ),
        Diagnostic::new(
            NotAVersion {
                text: s("1.4"),
                requirement: false,
                words: s("unexpected end of input"),
            },
            id,
        ),
        Diagnostic::new(
            NotAName {
                text: s("9"),
                of: NameOf::Plugin,
                fault: NameFault::Shape,
            },
            id,
        ),
        Diagnostic::new(
            NotATypePath {
                text: s("Widget"),
                fault: PathFault::Lone {
                    word: s("Widget"),
                    is_dyn: false,
                },
                meant: None,
                is_value: false,
            },
            id,
        ),
        Diagnostic::new(
            NotATypePath {
                text: s("Arc<dyn http::Client>"),
                fault: PathFault::Wrapped("Arc"),
                meant: Some(s("dyn http::Client")),
                is_value: false,
            },
            id,
        ),
        Diagnostic::new(
            NotATypePath {
                text: s("dyn my-http::Client"),
                fault: PathFault::Dash,
                meant: Some(s("dyn my_http::Client")),
                is_value: false,
            },
            id,
        ),
        Diagnostic::new(EmptyRange { text: s(">=2, <1") }, id),
        Diagnostic::new(
            Excluding {
                first: s("all"),
                second: s("map"),
                first_at: plugin(stage, "api"),
            },
            id,
        ),
        Diagnostic::new(
            DuplicateComponent {
                id: s("mailer:A"),
                first: plugin(stage, "\"crate::Mailer\""),
            },
            id,
        ),
        Diagnostic::new(UnknownFormat { found: 2 }, id),
        Diagnostic::new(
            Unreadable {
                package: s(""),
                path: s("too_old.toml"),
                error: io::ErrorKind::NotFound.into(),
                instead: None,
                should: Role::Host,
            },
            None,
        ),
        Diagnostic::new(
            TypeDeclaredTwice {
                ty: s("crate::A"),
                first: s("A"),
                second: s("B"),
                first_at: plugin(stage, "\"crate::Mailer\""),
            },
            id,
        ),
        Diagnostic::new(
            Repeated {
                entry: s("dyn helpdesk_api::TicketSystem"),
                key: s("provides"),
                first: plugin(stage, "\"crate::Mailer\""),
            },
            id,
        ),
        Diagnostic::new(
            DoesNotApply {
                key: s("config"),
                component: s("Fetch"),
                misfit: Misfit::Pipe,
            },
            id,
        ),
        Diagnostic::new(
            CargoFailed {
                fault: CargoFault::Failed,
                asked: s("cargo metadata --format-version 1 --offline"),
                words: s("error: failed to load manifest\n\nCaused by:\n  no such file"),
            },
            None,
        ),
        Diagnostic::new(
            CargoFailed {
                fault: CargoFault::Edition,
                asked: s("cargo metadata --format-version 1"),
                words: s("error: no matching package named `acme-mailer` found"),
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            HostWithoutLibrary {
                package: s("stage"),
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            HostWithoutRuntime {
                package: s("stage"),
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            NoPluginOfDistribution {
                package: s("acme-mailer"),
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            NotAName {
                text: s("tokio"),
                of: NameOf::Dependency,
                fault: NameFault::Reserved,
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            MetadataMalformed {
                package: s("acme-mailer"),
                fault: MetadataFault::NoManifest,
            },
            id,
        ),
        Diagnostic::new(
            IndirectPlugin {
                id: s("http"),
                package: s("acme-http"),
                version: s("0.3.1"),
                via: s("acme-mailer"),
                service: Some(s("dyn http::Client")),
                line: None,
            },
            plugin(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            PluginIdTwice {
                id: s("mailer"),
                first: Named {
                    name: s("a"),
                    at: Some(host(stage, "mailer")),
                },
                second: s("b"),
            },
            id,
        ),
        Diagnostic::new(
            UnknownPlugin {
                id: s("maler"),
                suggestion: Some(s("mailer")),
                known: [s("http"), s("mailer")].into(),
            },
            host(stage, "mailer"),
        ),
        Diagnostic::new(
            NotADependency {
                in_workspace: true,
                extern_name: s("htp"),
                package: s("acme-mailer"),
                suggestion: Some(s("http")),
                elsewhere: None,
                line: None,
            },
            plugin(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            NotADependency {
                in_workspace: true,
                extern_name: s("contracts"),
                package: s("acme-mailer"),
                suggestion: None,
                elsewhere: Some(s("helpdesk-api")),
                line: Some(s(
                    "contracts = { package = \"helpdesk-api\", path = \"../api\" }",
                )),
            },
            plugin(stage, "\"dyn time::Clock\""),
        ),
        Diagnostic::new(
            NoSuchItem {
                written: s("dyn http::Client"),
                why: Nowhere::Absent {
                    package: s("http"),
                    is_trait: true,
                },
                suggestion: Some(s("dyn http::Http")),
                other: Some((host(stage, "\"dyn http::Client\""), true)),
            },
            plugin(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            NoLibrary {
                id: s("mailer"),
                package: s("acme-mailer"),
                is_macro: false,
            },
            id,
        ),
        Diagnostic::new(
            NothingToCompose {
                has_host: true,
                should: Role::Plugin(s("mailer")),
            },
            host(stage, "[host]"),
        ),
        Diagnostic::new(
            UndeclaredPluginNamed {
                undeclared: undeclared(stage),
            },
            host(stage, "mailer"),
        ),
        Diagnostic::new(
            UndeclaredPlugin {
                undeclared: undeclared(stage),
                is_needed: false,
            },
            id,
        ),
        Diagnostic::new(
            FeatureMissing {
                id: s("mailer"),
                absent: Absent {
                    names: [s("mailer")].into(),
                    package: s("acme-mailer"),
                    feature: s("tickets"),
                    host: s("helpdesk"),
                    platform: None,
                    provides: Vec::new(),
                    entries: vec![],
                },
                stated: Some(s("{ optional = true }")),
            },
            host(stage, "mailer"),
        ),
        Diagnostic::new(
            UnknownOverlay {
                name: s("tset"),
                known: vec![s("test")],
                suggestion: Some(s("test")),
            },
            host(stage, "treenail"),
        ),
    ]
}

/// One of every kind about versions.
fn of_versions(stage: &Stage) -> Vec<Diagnostic> {
    let (id, version) = (s("mailer"), s("0.3.1"));
    let contract = || ContractVersion {
        id: id.clone(),
        version: version.clone(),
        package: s("helpdesk-api"),
        found: s("2.0.0"),
        supported: s(">=1.2, <2"),
        is_pre_release: false,
        cure: Some(Fit::Update(s("1.2.0"))),
    };
    let api = plugin(stage, "\">=1.2, <2\"");
    let marked = host(stage, "true");
    let user = |name: &str, at: Origin| Named {
        name: s(name),
        at: Some(at),
    };
    vec![
        Diagnostic::new(
            PluginVersion {
                id: id.clone(),
                package: s("acme-mailer"),
                version: version.clone(),
                wanted: s("^0.4"),
                is_pre_release: false,
            },
            host(stage, "mailer"),
        ),
        Diagnostic::new(
            RequiredPluginVersion {
                id: id.clone(),
                version: version.clone(),
                required: s("http"),
                package: s("acme-http"),
                found: s("0.3.0-beta.1"),
                wanted: s("^0.3"),
                is_pre_release: true,
            },
            plugin(stage, "\"^0.3\""),
        ),
        Diagnostic::new(contract(), api),
        Diagnostic::new(
            HostVersion {
                id: id.clone(),
                version: version.clone(),
                host: s("helpdesk"),
                found: s("2.0.0"),
                supported: s("<2"),
                is_pre_release: false,
                api_at: Some(host(stage, "\"2.0.0\"")),
            },
            api,
        ),
        Diagnostic::new(
            ContractTwice {
                package: s("helpdesk-api"),
                of_registries: false,
                users: vec![
                    (user("hf-local", host(stage, "http:Client")), s("2.0.0")),
                    (user("mailer", api), s("1.4.0")),
                ],
                ways: vec![
                    Way {
                        version: s("1.4.0"),
                        steps: vec![
                            s("helpdesk"),
                            s("acme-mailer 0.3.1"),
                            s("helpdesk-api 1.4.0"),
                        ],
                        asked: Some(s("^1.2")),
                        at: None,
                    },
                    Way {
                        version: s("2.0.0"),
                        steps: vec![s("helpdesk"), s("hf 0.9.0"), s("helpdesk-api 2.0.0")],
                        asked: Some(s(">=1, <3")),
                        at: None,
                    },
                ],
                cures: vec![Cure::Update {
                    package: s("helpdesk-api"),
                    from: s("2.0.0"),
                    to: s("1.4.0"),
                }],
            },
            host(stage, "http:Client"),
        ),
        Diagnostic::new(
            Conflict {
                id: id.clone(),
                other: s("legacy"),
                version: s("1.0.0"),
                versions: s("*"),
            },
            plugin(stage, "http"),
        ),
        Diagnostic::new(
            RequiredPluginMissing {
                id: id.clone(),
                required: s("http"),
                wanted: s("^0.3"),
                absence: PluginAbsence::Disabled(marked),
            },
            plugin(stage, "http"),
        ),
        Diagnostic::new(
            ApiNotADependency {
                id: id.clone(),
                package: s("helpdesk-api"),
                suggestion: None,
            },
            plugin(stage, "helpdesk-api"),
        ),
        Diagnostic::new(
            PluginLeftOut {
                id: id.clone(),
                version: version.clone(),
                marked: Some(marked),
                inner: contract().words(),
            },
            api,
        ),
    ]
}

/// One of every kind about bindings and order.
fn of_bindings(stage: &Stage) -> Vec<Diagnostic> {
    let service = s("dyn http::Client");
    let (component, field) = (s("mailer:Mailer"), s("http"));
    let need = plugin(stage, "\"dyn http::Client\"");
    let named = |name: &str, at: Origin| Named {
        name: s(name),
        at: Some(at),
    };
    let bound = host(stage, "\"http:Client\"");
    let clock = plugin(stage, "\"dyn time::Clock\"");
    let needed = || {
        vec![Hop {
            who: Needer::Component {
                id: s("poller:Poller"),
                field: s("tickets"),
            },
            at: Some(plugin(stage, "[[component]]")),
        }]
    };
    let step = |id: &str, field: &str, at: Origin| CycleStep {
        id: s(id),
        field: s(field),
        stated: format!("service = \"{service}\""),
        decorates: None,
        can_be_lazy: true,
        at: Some(at),
    };
    let unmet = |field: &str, at: Origin| Unmet {
        component: component.clone(),
        field: s(field),
        stated: format!("service = \"{service}\""),
        at,
    };
    vec![
        Diagnostic::new(
            NoProvider {
                service: service.clone(),
                needed: vec![unmet("http", need)],
                near: vec![NearMiss::OtherVersion {
                    provider: s("http:Client"),
                    package: s("http"),
                    theirs: s("0.2.0"),
                    ours: s("0.3.0"),
                    at: Some(bound),
                }],
            },
            need,
        )
        .needed_by(needed()),
        Diagnostic::new(
            NoProvider {
                service: s("dyn time::Clock"),
                needed: vec![unmet("clock", clock), unmet("now", need)],
                near: vec![],
            },
            clock,
        )
        .needed_by(needed()),
        Diagnostic::new(
            NothingForHost {
                service: s("dyn time::Clock"),
                near: vec![],
            },
            host(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            SeveralProviders {
                service: service.clone(),
                component: component.clone(),
                field: field.clone(),
                providers: vec![named("a:Http", clock), named("b:Http", bound)],
            },
            need,
        ),
        Diagnostic::new(
            WrongScope {
                service: service.clone(),
                component: component.clone(),
                field: field.clone(),
                scope: "singleton",
                providers: vec![named("http:Client", bound)],
            },
            need,
        ),
        Diagnostic::new(
            NoInstances {
                service: service.clone(),
                component: component.clone(),
                field: field.clone(),
                providers: vec![named("http:Client", bound)],
            },
            need,
        ),
        Diagnostic::new(
            UnknownComponent {
                id: s("http:Clint"),
                used: ComponentUse::Bind,
                suggestion: Some(s("http:Client")),
                absence: Absence::NotDeclared,
            },
            bound,
        ),
        Diagnostic::new(
            DoesNotProvide {
                id: s("http:Client"),
                service: s("dyn time::Clock"),
                provides: vec![service.clone()],
                decorates: None,
                providers: Vec::new(),
                similar: None,
                declared: Some(clock),
            },
            bound,
        ),
        Diagnostic::new(
            AliasMistake {
                from: s("old:A"),
                to: s("new:A"),
                fault: AliasFault::Chain {
                    next_at: host(stage, "\"new:A\""),
                    is_stronger: false,
                    end: Some(s("new:B")),
                },
            },
            host(stage, "\"old:A\""),
        ),
        Diagnostic::new(
            AliasMistake {
                from: s("old:*"),
                to: s("new:*"),
                fault: AliasFault::Wildcard(vec![s("A"), s("B")]),
            },
            host(stage, "\"old:A\""),
        ),
        Diagnostic::new(
            OptionalProvider {
                service: service.clone(),
                component: component.clone(),
                field,
                stated: s("service = \"dyn http::Client\""),
                provider: s("http:Client"),
                decorates: false,
                plugin: s("http"),
                marked: Some(host(stage, "true")),
            },
            need,
        ),
        Diagnostic::new(
            FeatureOff {
                id: component.clone(),
                feature: s("config"),
                runtime: s("treenail"),
            },
            plugin(stage, "\"crate::Mailer\""),
        ),
        Diagnostic::new(
            NothingToDecorate {
                id: component,
                of_clock: false,
                service: service.clone(),
                near: vec![],
            },
            need,
        ),
        Diagnostic::new(
            ReadAlike {
                id: s("mailer:mailer"),
                first: Named {
                    name: s("mailer:Mailer"),
                    at: Some(plugin(stage, "\"crate::Mailer\"")),
                },
                spelling: s("MAILER_MAILER"),
            },
            plugin(stage, "\"mailer\""),
        ),
        Diagnostic::new(
            OrderWithoutService {
                id: s("http:Client"),
                component: s("mailer:Mailer"),
            },
            host(stage, "\"http:Client\""),
        ),
        Diagnostic::new(
            UnknownCfgValue {
                name: s("target_os"),
                value: s("macosx"),
                suggestion: Some(s("macos")),
            },
            host(stage, "\"http:Client\""),
        ),
        Diagnostic::new(
            UnusedBind {
                service: service.clone(),
                provider: s("http:Client"),
            },
            host(stage, "\"dyn http::Client\""),
        ),
        Diagnostic::new(
            Cycle {
                steps: vec![step("a:A", "http", need), step("b:B", "clock", clock)],
                cut: Some(0),
            },
            need,
        ),
        Diagnostic::new(
            Contradiction {
                steps: vec![named("a:A", need), named("b:B", clock)],
            },
            need,
        ),
    ]
}

fn everything() -> Stage {
    let mut stage = Stage::new();
    let all = [
        of_the_front(&stage),
        of_versions(&stage),
        of_bindings(&stage),
        layers::of_layers(&stage),
        registries::of_registries(&stage),
        locks::of_locks(&stage),
    ];
    for one in all.into_iter().flatten() {
        stage.problems.push(one);
    }
    stage
}

#[test]
fn every_message_is_as_it_was_reviewed() {
    let stage = everything();
    let mut all = messages(&stage.problems, &stage.sources);
    all.sort_by_key(|message| message.code);
    let found: String = all
        .iter()
        .map(|message| {
            format!(
                "{}: {}\n\n",
                format!("{:?}", message.severity).to_lowercase(),
                message.text
            )
        })
        .collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/tests/gallery.txt");
    if std::env::var_os("BLESS").is_some() {
        crate::files::write_if_changed(&file, found.as_bytes()).expect("written");
    }
    let expected = crate::files::read(&file).expect("the gallery");
    assert_eq!(found, String::from_utf8_lossy(&expected));
}

#[test]
fn every_code_is_in_the_gallery() {
    let stage = everything();
    let found: BTreeSet<&str> = messages(&stage.problems, &stage.sources)
        .iter()
        .map(|message| message.code)
        .collect();
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(found, codes);
}

#[test]
fn a_title_is_a_phrase() {
    let stage = everything();
    for message in messages(&stage.problems, &stage.sources) {
        let title = message.text.lines().next().expect("a first line");
        assert!(title.ends_with(&format!(" [{}]", message.code)), "{title}");
        let words = title.trim_end_matches(&format!(" [{}]", message.code));
        assert!(
            !words.ends_with('.') && !words.starts_with(|c: char| c.is_ascii_uppercase()),
            "{title}"
        );
    }
}

#[test]
fn the_order_is_that_of_names_and_places() {
    let stage = everything();
    let places: Vec<_> = stage
        .problems
        .sorted(&stage.sources)
        .iter()
        .map(|(one, _)| {
            one.at
                .map(|at| (stage.sources.get(at.source).name.clone(), at.start))
        })
        .collect();
    assert!(places.is_sorted());
    assert!(stage.problems.has_errors() && stage.problems.len() == places.len());
}

#[test]
fn a_terminal_gets_rustcs_prefix_and_colour_only_when_asked() {
    let mut stage = Stage::new();
    let at = host(&stage, "\"2.0.0\"");
    stage.problems.report(UnknownFormat { found: 2 }, at);
    let plain = render_terminal(&stage.problems, &stage.sources, false).concat();
    assert!(
        plain.starts_with("error[TN0011]: this manifest is of format 2"),
        "{plain}"
    );
    assert!(!plain.contains('\u{1b}'));
    let coloured = render_terminal(&stage.problems, &stage.sources, true).concat();
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn a_place_that_does_not_exist_or_a_text_that_drives_a_terminal_does_no_harm() {
    let mut sources = Sources::default();
    let source = sources.add("x\u{1b}[31m.toml", "ä\u{1b}[31m\r\n\u{202e}b");
    let mut problems = Diagnostics::default();
    for (start, end) in [(0, 1), (1, 1), (99, 100), (7, 3), (0, 99)] {
        let fault = InvalidToml::Syntax("\u{1b}[31m\nsecond line".to_owned());
        problems.report(fault, Origin { source, start, end });
    }
    let text = render(&problems, &sources);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn editors_are_told_what_to_write_where_a_whole_name_is_wrong() {
    let manifest = "treenail = 1\n[host]\nrot = \"desk\"\n[plugins]\nmial = \"1\"\n\
                    [alias]\n'old:Mail' = 'mail:Mial'\n[[component]]\ntype = \"crate::Main\"\n\
                    requires = { mail = \"dyn mial::Send\" }\n";
    let mail = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mail\"\n";
    let mail = Package::new("mail", "1.0.0").manifest(mail);
    let host = Package::new("desk", "1.0.0").manifest(manifest);
    let outcome = Case::new(host).with(mail).compose();
    let messages = outcome.composed().messages().iter();
    let notes = messages.flat_map(|message| &message.notes);
    let spans = notes.filter_map(|note| note.span.as_ref());
    let edits = spans.filter_map(|span| {
        let written = &manifest[span.bytes.clone()];
        Some((written, span.replacement.as_deref()?))
    });
    let expected = [
        ("rot", "root"),
        ("mial", "mail"),
        ("'mail:Mial'", "'mail:Mail'"),
    ];
    // The crate in a path is a part of what its place shows: that is not for a machine to change.
    assert_eq!(edits.collect::<Vec<_>>(), expected);
    let lines = outcome.composed().json().concat();
    assert!(lines.contains(r#""suggested_replacement":"root""#));
    assert!(lines.contains(r#""suggestion_applicability":"MaybeIncorrect""#));
}
