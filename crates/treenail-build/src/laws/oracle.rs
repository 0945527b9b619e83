//! The rules of binding and order once more, written to be seen to be right and not to be fast, and compared with the
//! compiler on random compositions of up to six plugins.
//!
//! `TREENAIL_ORACLE_CASES=100000 cargo test --release -p treenail-build --lib oracle` tries that many.
//!
//! Rules and the composition they are about belong together, and so this is longer than other files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::diagnostic::Severity;
use crate::model::{Form, Scope};
use crate::testing::{Case, Outcome, Package};

const SERVICES: usize = 5;

/// A component: everything about it that binding and order depend on. Names are those of [`World::id`].
#[derive(Debug, Clone)]
struct Component {
    provides: BTreeSet<usize>,
    needs: Vec<Need>,
    scope: Scope,
    decorates: Option<usize>,
    before: Option<usize>,
}

#[derive(Debug, Clone)]
struct Need {
    service: usize,
    form: Form,
    from: Option<usize>,
}

/// A composition: components of plugins, by number. The number of one that is not there names nothing.
#[derive(Debug, Clone)]
struct World {
    /// By plugin.
    plugins: Vec<(bool, Vec<Component>)>,
    /// By service: the component that the host binds it to.
    binds: Vec<Option<usize>>,
}

fn component() -> impl Strategy<Value = Component> {
    let scope = prop_oneof![
        6 => Just(Scope::Singleton),
        1 => Just(Scope::Instance),
        1 => Just(Scope::Transient),
    ];
    let provides = proptest::collection::btree_set(0..SERVICES, 0..3);
    let decorates = prop_oneof![8 => Just(None), 1 => (0..SERVICES).prop_map(Some)];
    let before = prop_oneof![6 => Just(None), 1 => (0..12_usize).prop_map(Some)];
    (provides, vec(need(), 0..3), scope, decorates, before).prop_map(
        |(provides, needs, scope, decorates, before)| Component {
            // A decorator is a singleton, and keeps to what it decorates.
            provides: if decorates.is_some() {
                BTreeSet::new()
            } else {
                provides
            },
            needs,
            scope: if decorates.is_some() {
                Scope::Singleton
            } else {
                scope
            },
            decorates,
            before,
        },
    )
}

fn need() -> impl Strategy<Value = Need> {
    let form = prop_oneof![
        4 => Just(Form::One),
        1 => Just(Form::Optional),
        1 => Just(Form::All),
        1 => Just(Form::Map),
        1 => Just(Form::Lazy),
    ];
    let from = prop_oneof![8 => Just(None), 1 => (0..14_usize).prop_map(Some)];
    (0..SERVICES, form, from).prop_map(|(service, form, from)| Need {
        service,
        form,
        from: from.filter(|_| !matches!(form, Form::All | Form::Map)),
    })
}

fn world() -> impl Strategy<Value = World> {
    let plugin = (prop::bool::weighted(0.1), vec(component(), 0..3));
    let bind = prop_oneof![3 => Just(None), 1 => (0..13_usize).prop_map(Some)];
    // Mostly worlds in which most can be met: otherwise hardly anything would ever compose.
    (
        vec(plugin, 1..=6),
        vec(bind, SERVICES),
        prop::bool::weighted(0.8),
    )
        .prop_map(|(plugins, binds, one_way)| {
            let mut world = World { plugins, binds };
            if one_way {
                world.point_one_way();
            }
            world
        })
}

impl World {
    /// Leaves out what cannot be met, and binds what several provide.
    fn point_one_way(&mut self) {
        let provided = |world: &Self, service: usize| -> Vec<usize> {
            let all = world.components().into_iter().enumerate();
            let all = all.filter(|(_, (_, one))| one.provides.contains(&service));
            all.map(|(number, _)| number).collect()
        };
        let providers: Vec<Vec<usize>> = (0..SERVICES)
            .map(|service| provided(self, service))
            .collect();
        for component in self.plugins.iter_mut().flat_map(|(_, all)| all) {
            let least = component.provides.first().copied().unwrap_or(SERVICES);
            let decorates = component.decorates;
            component.decorates = decorates.filter(|service| !providers[*service].is_empty());
            component.before = None;
            component.needs.retain(|need| {
                need.service < least && need.from.is_none() && !providers[need.service].is_empty()
            });
        }
        for (providers, bind) in providers.iter().zip(&mut self.binds) {
            let chosen = bind.unwrap_or_default() % providers.len().max(1);
            *bind = providers.get(chosen).copied();
        }
    }

    /// Components in the order of their ids, with the number of their plugin.
    fn components(&self) -> Vec<(usize, &Component)> {
        let plugins = self.plugins.iter().enumerate();
        let all = plugins.flat_map(|(plugin, (_, all))| all.iter().map(move |one| (plugin, one)));
        all.collect()
    }

    /// The id of a component by number; of one that is not there, an id that is nobody's.
    fn id(&self, number: usize) -> String {
        let mut rest = number;
        for (plugin, (_, all)) in self.plugins.iter().enumerate() {
            if rest < all.len() {
                return format!("p{plugin}:C{rest}");
            }
            rest -= all.len();
        }
        "p0:Absent".to_owned()
    }

    fn compose(&self) -> Outcome {
        let mut host = "treenail = 1\n[host]\n[plugins]\n".to_owned();
        for (plugin, (optional, _)) in self.plugins.iter().enumerate() {
            if *optional {
                let _ = writeln!(host, "p{plugin} = {{ optional = true }}");
            }
        }
        host.push_str("[bind]\n");
        for (service, bind) in self.binds.iter().enumerate() {
            if let Some(component) = bind {
                let _ = writeln!(
                    host,
                    "\"dyn api::S{service}\" = \"{}\"",
                    self.id(*component)
                );
            }
        }
        let host = Package::new("desk", "1.0.0").manifest(host);
        let mut case = Case::new(host).with(Package::new("api", "1.0.0"));
        for (plugin, (_, components)) in self.plugins.iter().enumerate() {
            let package = Package::new(format!("p{plugin}"), "1.0.0").depends_on(["api"]);
            case = case.with(package.manifest(self.manifest(plugin, components)));
        }
        case.compose()
    }

    fn manifest(&self, plugin: usize, components: &[Component]) -> String {
        let mut text = format!("treenail = 1\n[plugin]\nid = \"p{plugin}\"\n");
        for (place, component) in components.iter().enumerate() {
            let scope = match component.scope {
                Scope::Singleton => "singleton",
                Scope::Instance => "instance",
                Scope::Transient => "transient",
            };
            let _ = writeln!(
                text,
                "[[component]]\ntype = \"crate::C{place}\"\nscope = \"{scope}\""
            );
            let provides = component
                .provides
                .iter()
                .map(|one| format!("\"dyn api::S{one}\""));
            let _ = writeln!(
                text,
                "provides = [{}]",
                provides.collect::<Vec<_>>().join(", ")
            );
            if let Some(service) = component.decorates {
                let _ = writeln!(text, "decorate = \"dyn api::S{service}\"");
            }
            if let Some(other) = component.before {
                let _ = writeln!(text, "before = [\"{}\"]", self.id(other));
            }
            text.push_str("[component.requires]\n");
            for (field, need) in component.needs.iter().enumerate() {
                let form = match need.form {
                    Form::One => "",
                    Form::Optional => ", optional = true",
                    Form::All => ", all = true",
                    Form::Map => ", map = true",
                    Form::Lazy => ", lazy = true",
                    Form::Handle => unreachable!("none is made"),
                };
                let from = need
                    .from
                    .map(|from| format!(", from = \"{}\"", self.id(from)));
                let from = from.unwrap_or_default();
                let service = need.service;
                let _ = writeln!(
                    text,
                    "f{field} = {{ service = \"dyn api::S{service}\"{form}{from} }}"
                );
            }
        }
        text
    }
}

/// Who answers where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Winner {
    One(usize),
    Nobody,
    Several,
    Instances,
    /// A mistake elsewhere.
    Unknown,
}

/// What a requirement is given, in order, and what it is given where nothing else is said.
type Answer = (Vec<usize>, Option<usize>);

/// What the rules say about a composition.
struct Oracle<'w> {
    world: &'w World,
    components: Vec<(usize, &'w Component)>,
    /// Codes of mistakes, each as often as it is made.
    codes: Vec<&'static str>,
    /// Services about which something has been said.
    told: BTreeSet<usize>,
    /// By service: providers in order, and the winner.
    provisions: Vec<(Vec<usize>, Winner)>,
    /// By component and field; a decorator's `inner` comes last.
    answers: BTreeMap<(usize, usize), Answer>,
}

impl<'w> Oracle<'w> {
    fn ask(world: &'w World) -> (Self, Vec<usize>) {
        let mut oracle = Self {
            world,
            components: world.components(),
            codes: Vec::new(),
            told: BTreeSet::new(),
            provisions: Vec::new(),
            answers: BTreeMap::new(),
        };
        let ranks = oracle.ranks();
        oracle.provide(&ranks);
        oracle.decorate(&ranks);
        oracle.answer();
        let order = oracle.order();
        oracle.codes.sort_unstable();
        (oracle, order)
    }

    fn exists(&self, component: usize) -> bool {
        component < self.components.len()
    }

    fn is_configured(&self, component: usize) -> bool {
        self.components[component].1.scope == Scope::Instance
    }

    /// `before`: the place of every component in an order that keeps it.
    fn ranks(&mut self) -> Vec<usize> {
        let mut earlier = vec![BTreeSet::new(); self.components.len()];
        for (number, (_, component)) in self.components.iter().enumerate() {
            match component.before {
                Some(other) if self.exists(other) => {
                    earlier[other].insert(number);
                }
                // Of a plugin that is there.
                Some(_) => self.codes.push("TN0304"),
                None => {}
            }
        }
        self.codes.extend(knots(&earlier).map(|()| "TN0402"));
        let mut ranks = vec![0; earlier.len()];
        for (rank, number) in smallest_first(&earlier).into_iter().enumerate() {
            ranks[number] = rank;
        }
        ranks
    }

    fn provide(&mut self, ranks: &[usize]) {
        for service in 0..SERVICES {
            let all = self.components.iter().enumerate();
            let all = all.filter(|(_, (_, one))| one.provides.contains(&service));
            let mut providers: Vec<usize> = all.map(|(number, _)| number).collect();
            providers.sort_by_key(|number| ranks[*number]);
            let fixed = providers
                .iter()
                .copied()
                .filter(|one| !self.is_configured(*one));
            let fixed: Vec<usize> = fixed.collect();
            let winner = match (self.bound(service, &providers), fixed.as_slice()) {
                (Some(bound), _) => bound,
                (None, [only]) => Winner::One(*only),
                (None, []) if providers.is_empty() => Winner::Nobody,
                (None, []) => Winner::Instances,
                (None, _) => Winner::Several,
            };
            self.provisions.push((providers, winner));
        }
    }

    /// `[bind]`. A line about a service that no component names is about something that is not there to be provided.
    fn bound(&mut self, service: usize, providers: &[usize]) -> Option<Winner> {
        let component = self.world.binds[service]?;
        if !self.exists(component) {
            self.codes.push("TN0304");
        } else if !providers.contains(&component) {
            self.codes.push("TN0305");
        } else {
            return Some(Winner::One(component));
        }
        Some(Winner::Unknown)
    }

    /// Every decorator wraps who answers so far, and answers from then on.
    fn decorate(&mut self, ranks: &[usize]) {
        for service in 0..SERVICES {
            let all = self.components.iter().enumerate();
            let all = all.filter(|(_, (_, one))| one.decorates == Some(service));
            let mut decorators: Vec<usize> = all.map(|(number, _)| number).collect();
            decorators.sort_by_key(|number| ranks[*number]);
            for decorator in decorators {
                let (_, winner) = self.provisions[service];
                let missing = ["TN0309", "TN0302", "TN0303"];
                let (providers, winner_now) = match self.only(service, winner, missing) {
                    Some(inner) => {
                        if !self.can_rely_on(decorator, inner) {
                            self.provisions[service].1 = Winner::Unknown;
                            continue;
                        }
                        let field = self.components[decorator].1.needs.len();
                        self.answers
                            .insert((decorator, field), (vec![inner], Some(inner)));
                        let providers = self.provisions[service].0.iter();
                        let swap = |one: &usize| if *one == inner { decorator } else { *one };
                        (providers.map(swap).collect(), Winner::One(decorator))
                    }
                    None => (self.provisions[service].0.clone(), Winner::Unknown),
                };
                self.provisions[service] = (providers, winner_now);
            }
        }
    }

    /// The winner, or the code that says why there is none: nobody, several, instances.
    fn only(&mut self, service: usize, winner: Winner, codes: [&'static str; 3]) -> Option<usize> {
        let code = match winner {
            Winner::One(winner) => return Some(winner),
            Winner::Unknown => return None,
            Winner::Nobody => codes[0],
            Winner::Several => codes[1],
            Winner::Instances => codes[2],
        };
        if self.told.insert(service) {
            self.codes.push(code);
        }
        None
    }

    /// What cannot do without an optional plugin's component is optional itself.
    fn can_rely_on(&mut self, component: usize, provider: usize) -> bool {
        let plugins = [component, provider].map(|number| self.components[number].0);
        let [asks, provides] = plugins.map(|plugin| self.world.plugins[plugin].0);
        let fine = !provides || asks || plugins[0] == plugins[1];
        if !fine {
            self.codes.push("TN0307");
        }
        fine
    }

    fn answer(&mut self) {
        for number in 0..self.components.len() {
            for field in 0..self.components[number].1.needs.len() {
                let need = &self.components[number].1.needs[field];
                if let Some(answer) = self.one(number, need) {
                    self.answers.insert((number, field), answer);
                }
            }
        }
    }

    fn one(&mut self, component: usize, need: &Need) -> Option<Answer> {
        let (providers, winner) = self.provisions[need.service].clone();
        let answer = match (need.from, need.form) {
            (Some(from), _) => self.from(from, need.service)?,
            (None, Form::All | Form::Map) => (providers, None),
            (None, form) if self.is_configured(component) => {
                if providers.is_empty() && form != Form::Optional {
                    self.only(need.service, Winner::Nobody, ["TN0301", "", ""]);
                    return None;
                }
                let known = if let Winner::One(winner) = winner {
                    Some(winner)
                } else {
                    None
                };
                (providers, known.filter(|winner| *winner != component))
            }
            (None, Form::Optional) => match winner {
                Winner::Nobody => (Vec::new(), None),
                Winner::Instances => {
                    let only = if let [only] = providers[..] {
                        Some(only)
                    } else {
                        None
                    };
                    (providers, only)
                }
                _ => {
                    let winner = self.only(need.service, winner, ["TN0301", "TN0302", "TN0303"])?;
                    (vec![winner], Some(winner))
                }
            },
            (None, _) => {
                let winner = self.only(need.service, winner, ["TN0301", "TN0302", "TN0303"])?;
                (vec![winner], Some(winner))
            }
        };
        if let (Some(default), Form::One | Form::Lazy) = (answer.1, need.form)
            && !self.can_rely_on(component, default)
        {
            return None;
        }
        Some(answer)
    }

    fn from(&mut self, from: usize, service: usize) -> Option<Answer> {
        if !self.exists(from) {
            self.codes.push("TN0304");
            return None;
        }
        let component = self.components[from].1;
        if component.provides.contains(&service) || component.decorates == Some(service) {
            return Some((vec![from], Some(from)));
        }
        self.codes.push("TN0305");
        None
    }

    /// All components, each after what it needs from the start; of those that could come next, the smallest.
    fn order(&mut self) -> Vec<usize> {
        let mut needs = vec![BTreeSet::new(); self.components.len()];
        for ((number, field), (providers, default)) in &self.answers {
            let form = self.components[*number]
                .1
                .needs
                .get(*field)
                .map(|need| need.form);
            let inner = form.is_none();
            let from_the_start: Vec<usize> = match form {
                Some(Form::Lazy) => Vec::new(),
                Some(Form::All | Form::Map) => providers.clone(),
                _ => default.iter().copied().collect(),
            };
            // An instance may be given another one: the configuration says which, and orders them.
            let by_name = self.is_configured(*number)
                && !inner
                && matches!(form, Some(Form::One | Form::Optional));
            let waits = from_the_start.into_iter();
            let waits = waits.filter(|one| !(by_name && self.is_configured(*one)));
            needs[*number].extend(waits);
        }
        self.codes.extend(knots(&needs).map(|()| "TN0401"));
        smallest_first(&needs)
    }
}

/// Takes the smallest number whose needs have all been taken, until there is none; then the rest.
fn smallest_first(needs: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    loop {
        let mut open = (0..needs.len()).filter(|number| !order.contains(number));
        let next = open.find(|number| needs[*number].iter().all(|one| order.contains(one)));
        match next {
            Some(next) => order.push(next),
            None => break,
        }
    }
    let rest = (0..needs.len()).filter(|number| !order.contains(number));
    let rest: Vec<usize> = rest.collect();
    order.extend(rest);
    order
}

/// One for every set of numbers that all reach each other, found by trying all ways.
fn knots(edges: &[BTreeSet<usize>]) -> impl Iterator<Item = ()> + use<> {
    let count = edges.len();
    let mut reaches = vec![vec![false; count]; count];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reaches[from][*to] = true;
        }
    }
    for _ in 0..count {
        for from in 0..count {
            for over in 0..count {
                for to in 0..count {
                    reaches[from][to] |= reaches[from][over] && reaches[over][to];
                }
            }
        }
    }
    let knots: BTreeSet<Vec<usize>> = (0..count)
        .filter(|number| reaches[*number][*number])
        .map(|number| {
            let same = |other: &usize| reaches[number][*other] && reaches[*other][number];
            (0..count).filter(same).collect()
        })
        .collect();
    std::iter::repeat_n((), knots.len())
}

fn cases() -> u32 {
    let stated = std::env::var("TREENAIL_ORACLE_CASES").ok();
    stated.map_or(1000, |count| count.parse().expect("a number of cases"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_compiler_agrees_with_the_oracle(world in world()) {
        let (oracle, order) = Oracle::ask(&world);
        let outcome = world.compose();
        let errors = outcome.messages().iter().filter(|one| one.severity == Severity::Error);
        let mut codes: Vec<&str> = errors.map(|one| one.code).collect();
        codes.sort_unstable();
        prop_assert_eq!(&codes, &oracle.codes, "{}", outcome.text());
        if !codes.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = order.iter().map(|number| world.id(*number)).collect();
        let found: Vec<&str> = outcome.composed().components().collect();
        prop_assert_eq!(found, ids.iter().map(String::as_str).collect::<Vec<_>>());
        let plan = outcome.composed().composition().expect("a plan");
        for ((number, field), (providers, default)) in &oracle.answers {
            let id = world.id(*number);
            let component = plan.components.iter().find(|one| one.id == id).expect("a component");
            let need = &component.needs[*field];
            let found: Vec<&str> = need.providers.iter().map(|one| plan.components[*one].id.as_str()).collect();
            let expected: Vec<String> = providers.iter().map(|one| world.id(*one)).collect();
            prop_assert_eq!(found, expected, "{} {}", id, need.field);
            let found = need.default.map(|one| plan.components[one].id.clone());
            prop_assert_eq!(found, default.map(|one| world.id(one)), "{} {}", id, need.field);
        }
    }
}

#[test]
fn chance_makes_compositions_and_mistakes_of_every_kind() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut composed, mut codes) = (0, BTreeSet::new());
    for _ in 0..2000 {
        let world = world().new_tree(&mut runner).expect("a value").current();
        let (oracle, _) = Oracle::ask(&world);
        composed += usize::from(oracle.codes.is_empty() && !oracle.answers.is_empty());
        codes.extend(oracle.codes);
    }
    assert!(
        composed > 200,
        "only {composed} of 2000 compose, and need something"
    );
    let all = [
        "TN0301", "TN0302", "TN0303", "TN0304", "TN0305", "TN0307", "TN0309", "TN0401", "TN0402",
    ];
    assert_eq!(codes, BTreeSet::from(all));
}
