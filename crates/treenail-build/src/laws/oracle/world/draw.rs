//! Random compositions: drawn from a tape of bytes, on which zero is always the plainest choice. So a shorter tape, or one with
//! more zeros, is a simpler composition, and a failure shrinks to one that people can read.
//! Longer than other files: what is drawn in which order is best seen in one place.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CLOCK, Component, Entry, HANDLES, KEYS, Line, Need, Override, Plugin, REGISTRIES, Rule,
    SERVICES, Setting, Statements, When, World, service,
};
use crate::model::{Form, Scope};

/// Further names that no component has. No two are a slip of the hand apart.
const FURTHER: [&str; 4] = [
    "old:Mulberry",
    "old:Quince",
    "was:Hawthorn",
    "was:Blackcurrant",
];

/// Further names of the second plugin's components, which are given all at once.
const FORMER: [&str; 3] = ["once:Medlar", "once:Sloe", "once:Rowanberry"];

/// Bytes that decide, one after the other; where they end, the plainest is chosen.
struct Tape<'t> {
    bytes: std::slice::Iter<'t, u8>,
    /// Whether hardly any mistakes are made.
    tame: bool,
}

impl Tape<'_> {
    fn next(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.next()) % count.max(1)
    }

    /// True so many times in a hundred.
    fn chance(&mut self, percent: u16) -> bool {
        u16::from(self.next()) >= 256 - percent * 256 / 100
    }

    /// What is nearly always a mistake.
    fn slip(&mut self, percent: u16) -> bool {
        let slips = self.chance(percent);
        slips && !self.tame
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let number = self.below(all.len());
        all.get(number).cloned()
    }
}

impl World {
    pub(in super::super) fn read(bytes: &[u8]) -> Self {
        let mut tape = Tape {
            bytes: bytes.iter(),
            tame: true,
        };
        // Mostly worlds in which most can be met: otherwise hardly anything would ever compose.
        let sort = tape.below(10);
        tape.tame = sort < 8;
        let count = 1 + tape.below(6);
        let mut world = Self::default();
        for number in 0..=count {
            let plugin = world.plugin(&mut tape, number);
            world.plugins.push(plugin);
        }
        if tape.chance(30) {
            let components = (0..tape.below(3))
                .map(|place| world.double(&mut tape, place))
                .collect();
            world.overlay = Some((Statements::default(), components));
        }
        world.relate(&mut tape);
        for _ in 0..2 {
            if tape.chance(12) {
                world.all.insert(tape.below(SERVICES));
            }
        }
        if sort != 7 && sort != 9 {
            world.point_one_way();
        }
        world
    }

    /// A plugin with its components, before anything is said about others.
    fn plugin(&mut self, tape: &mut Tape<'_>, number: usize) -> Plugin {
        let mut plugin = Plugin {
            newer: tape.chance(40),
            ..Plugin::default()
        };
        if number > 0 {
            plugin.indirect = number > 1 && !self.plugins[number - 1].indirect && tape.slip(12);
            plugin.api = tape.chance(30).then(|| !tape.slip(30));
            plugin.host = tape.chance(30).then(|| !tape.slip(30));
        }
        let most = if number == 0 { 3 } else { 4 };
        for place in 0..tape.below(most) {
            let name = format!("C{number}{place}");
            let id = format!("{}:{name}", self.id(number));
            let ty = format!("{}::{name}", self.id(number));
            let mut component = component(tape, id, ty);
            // Of what nobody reads, nobody knows the conditions.
            if plugin.indirect && component.when == When::Broken {
                component.when = When::Fails;
            }
            plugin.components.push(component);
        }
        plugin.bare = number > 0 && plugin.components.is_empty() && tape.chance(40);
        plugin
    }

    /// A component of the overlay: in the place of one of the host's, or beside them.
    fn double(&self, tape: &mut Tape<'_>, place: usize) -> Component {
        let mut double = component(tape, format!("app:C0{place}"), format!("app::D{place}"));
        // It would be for nobody to say whether the host's own is there.
        double.when = if double.when == When::Broken {
            When::Fails
        } else {
            double.when
        };
        double
    }

    /// What plugins and components say of each other.
    fn relate(&mut self, tape: &mut Tape<'_>) {
        let names = Names::of(self);
        for number in 0..self.plugins.len() {
            let id = self.id(number);
            let mut plugin = std::mem::take(&mut self.plugins[number]);
            for component in &mut plugin.components {
                names.needs(tape, component, &id);
            }
            if number > 0 {
                plugin.requires = names.others(tape, &id, 15);
                plugin.conflicts = if tape.slip(15) {
                    names.others(tape, &id, 60)
                } else {
                    BTreeMap::new()
                };
            }
            let often = if number == 0 { 45 } else { 12 };
            plugin.says = names.statements(tape, number > 0, often);
            let types = plugin.components.iter().map(|one| one.ty.clone());
            plugin.says.lines = names.lines(tape, &id, &types.collect::<Vec<_>>());
            if plugin.bare {
                let makers = plugin.says.lines.values_mut();
                for made in makers.filter_map(Line::made_mut) {
                    // Its package has no name for what the runtime has.
                    *made = made.take().filter(|_| tape.slip(30));
                    made.iter_mut().for_each(|made| made.needs.clear());
                }
            }
            self.plugins[number] = plugin;
        }
        if let Some((says, components)) = &mut self.overlay {
            for component in components {
                names.needs(tape, component, "app");
            }
            *says = names.statements(tape, false, 45);
            says.lines = names.lines(tape, "overlay", &[]);
            for id in self.plugins[0].says.overrides.keys() {
                if tape.chance(50) {
                    let changes = names.changes(tape);
                    says.overrides.insert(id.clone(), changes);
                }
            }
        }
        // An optional plugin that does not fit is no mistake.
        for number in 1..self.plugins.len() {
            if tape.chance(6) {
                let id = self.id(number);
                let optional = Setting {
                    value: true,
                    priority: Some(50),
                    when: When::Always,
                };
                self.plugins[0].says.rules.entry(id).or_default().optional = Some(optional);
                self.plugins[number].host = Some(false);
            }
        }
    }
}

fn component(tape: &mut Tape<'_>, id: String, ty: String) -> Component {
    let scope = [
        Scope::Singleton,
        Scope::Singleton,
        Scope::Singleton,
        Scope::Singleton,
        Scope::Transient,
        Scope::Instance,
    ];
    let mut scope = tape.of(&scope).unwrap_or_default();
    let mut provides: BTreeSet<usize> = (0..tape.below(3)).map(|_| tape.below(SERVICES)).collect();
    let decorates = tape.chance(10).then(|| tape.below(SERVICES));
    if decorates.is_some() {
        scope = Scope::Singleton;
        provides.clear();
    }
    let when = condition(tape, 10);
    Component {
        id,
        ty,
        provides,
        needs: Vec::new(),
        scope,
        decorates,
        before: Vec::new(),
        after: Vec::new(),
        when,
        registry: None,
    }
}

fn condition(tape: &mut Tape<'_>, percent: u16) -> When {
    if !tape.chance(percent) {
        return When::Always;
    }
    if tape.slip(20) {
        return When::Broken;
    }
    if tape.chance(50) {
        When::Fails
    } else {
        When::Holds
    }
}

fn setting<T>(tape: &mut Tape<'_>, value: T) -> Setting<T> {
    let priorities = [
        None,
        None,
        None,
        None,
        Some(1000),
        Some(50),
        Some(60),
        Some(100),
    ];
    Setting {
        value,
        priority: tape.of(&priorities).flatten(),
        when: condition(tape, 10),
    }
}

/// Everything that may be spoken of.
struct Names {
    /// Ids of plugins, and one that is none.
    plugins: Vec<String>,
    /// Ids of components.
    components: Vec<String>,
    /// Types of components.
    types: Vec<String>,
    /// Types that the host cannot name.
    beyond: BTreeSet<String>,
}

impl Names {
    fn of(world: &World) -> Self {
        let plugins = (1..world.plugins.len()).map(|number| world.id(number));
        let beyond = world.plugins.iter().filter(|plugin| plugin.indirect);
        Self {
            plugins: plugins.collect(),
            components: world
                .declared()
                .map(|one| one.id.clone())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            types: world.declared().map(|one| one.ty.clone()).collect(),
            beyond: beyond
                .flat_map(|plugin| &plugin.components)
                .map(|one| one.ty.clone())
                .collect(),
        }
    }

    /// A component by its id or by a further name; now and then one that is not there, or of a plugin that is not.
    fn component(&self, tape: &mut Tape<'_>) -> String {
        if tape.slip(12) {
            return tape
                .of(&["p1:Gone", "nobody:Nothing"])
                .unwrap_or_default()
                .to_owned();
        }
        if tape.chance(12) {
            let further = tape.of(&FURTHER).unwrap_or_default().to_owned();
            if tape.chance(50) {
                return FORMER[tape.below(FORMER.len())].to_owned();
            }
            return further;
        }
        tape.of(&self.components)
            .unwrap_or_else(|| "p1:Gone".to_owned())
    }

    fn needs(&self, tape: &mut Tape<'_>, component: &mut Component, plugin: &str) {
        for _ in 0..tape.below(3) {
            let forms = [
                Form::One,
                Form::One,
                Form::One,
                Form::Optional,
                Form::All,
                Form::Map,
                Form::Lazy,
                Form::Current,
            ];
            let form = tape.of(&forms).unwrap_or(Form::One);
            let from = tape.chance(12).then(|| self.component(tape));
            let asked = match tape.below(10) {
                8 | 9 => tape.of(&REGISTRIES).unwrap_or(REGISTRIES[0]).to_owned(),
                7 => tape
                    .of(&[HANDLES[0], HANDLES[1], CLOCK])
                    .unwrap_or(CLOCK)
                    .to_owned(),
                6 => tape.of(&self.types).unwrap_or_else(|| service(0)),
                _ => service(tape.below(SERVICES)),
            };
            let mut need = Need {
                service: asked,
                form,
                from: from.filter(|_| !matches!(form, Form::All | Form::Map)),
                named: false,
            };
            need.named =
                need.from.is_none() && !matches!(form, Form::All | Form::Map) && tape.chance(20);
            if HANDLES.contains(&need.service.as_str()) && !tape.slip(30) {
                (need.form, need.from, need.named) = (Form::One, None, false);
            }
            if need.service == CLOCK && !tape.slip(30) {
                need.named = false;
            }
            if REGISTRIES.contains(&need.service.as_str()) && !tape.slip(15) {
                (need.form, need.from, need.named) = (Form::Registry, None, false);
            }
            // Nobody can name a type of the host's, and the host none of a plugin that it does not depend on.
            let own = need.service.starts_with("app::") && plugin != "app";
            if own || plugin == "app" && self.beyond.contains(&need.service) {
                need.service = service(0);
            }
            component.needs.push(need);
        }
        for list in [&mut component.before, &mut component.after] {
            if tape.chance(6) {
                list.push(self.component(tape));
            }
        }
    }

    /// Entries of a layer, and what a host says of those of plugins.
    fn lines(
        &self,
        tape: &mut Tape<'_>,
        layer: &str,
        types: &[String],
    ) -> BTreeMap<(usize, usize), Line> {
        let is_host = matches!(layer, "app" | "overlay");
        let plugin = if is_host { "app" } else { layer };
        let mut lines = BTreeMap::new();
        for _ in 0..tape.below(4) {
            let (registry, key) = (tape.below(REGISTRIES.len()), tape.below(KEYS.len()));
            let line = if is_host && tape.chance(50) {
                let of = if tape.slip(15) {
                    Some("nobody".to_owned())
                } else {
                    tape.of(&self.plugins)
                };
                let nobody = tape.chance(30);
                Line::Choice(setting(tape, of.filter(|_| !nobody)))
            } else {
                let made = tape.chance(60).then(|| {
                    let id = format!("{plugin}:{}({})", REGISTRIES[registry], KEYS[key]);
                    // The type of a component has other inputs; so may that of another entry.
                    let ty = match tape.slip(8) {
                        true => tape
                            .of(types)
                            .unwrap_or_else(|| format!("{plugin}::Shared")),
                        false if layer == "overlay" => format!("{plugin}::F{registry}{key}"),
                        false => format!("{plugin}::E{registry}{key}"),
                    };
                    self.maker(tape, id, ty, plugin, registry)
                });
                let mut when = condition(tape, 15);
                // It would be for nobody to say whether the host's own is there.
                if layer == "overlay" && when == When::Broken {
                    when = When::Fails;
                }
                Line::Entry(Entry { made, when })
            };
            lines.insert((registry, key), line);
        }
        lines
    }

    /// What makes an entry of services.
    fn maker(
        &self,
        tape: &mut Tape<'_>,
        id: String,
        ty: String,
        plugin: &str,
        registry: usize,
    ) -> Component {
        let mut maker = Component {
            id,
            ty,
            provides: BTreeSet::new(),
            needs: Vec::new(),
            scope: Scope::Singleton,
            decorates: None,
            before: Vec::new(),
            after: Vec::new(),
            when: When::Always,
            registry: Some(registry),
        };
        self.needs(tape, &mut maker, plugin);
        // It has no place of its own beside others.
        maker.before.clear();
        maker.after.clear();
        maker
    }

    fn others(&self, tape: &mut Tape<'_>, own: &str, percent: u16) -> BTreeMap<String, bool> {
        let mut others = BTreeMap::new();
        if tape.chance(percent) {
            let other = if tape.slip(15) {
                Some("nobody".to_owned())
            } else {
                tape.of(&self.plugins)
            };
            others.extend(
                other
                    .filter(|other| other != own)
                    .map(|other| (other, tape.slip(40))),
            );
        }
        others
    }

    fn statements(&self, tape: &mut Tape<'_>, is_plugin: bool, percent: u16) -> Statements {
        let mut says = Statements::default();
        for _ in 0..2 {
            if tape.chance(percent) {
                let plugin = if tape.slip(8) {
                    Some("nobody".to_owned())
                } else {
                    tape.of(&self.plugins)
                };
                says.rules.extend(plugin.map(|plugin| (plugin, rule(tape))));
            }
            if tape.chance(percent) {
                let value = self.component(tape);
                // A plugin chooses among components by their own names.
                if !is_plugin || self.components.contains(&value) {
                    says.binds
                        .insert(tape.below(SERVICES), setting(tape, value));
                }
            }
            if tape.chance(percent) {
                let from = if tape.chance(10) {
                    tape.of(&self.components)
                } else {
                    tape.of(&FURTHER).map(str::to_owned)
                };
                let to = if tape.slip(12) {
                    self.component(tape)
                } else {
                    tape.of(&self.components)
                        .unwrap_or_else(|| "p1:Gone".to_owned())
                };
                says.aliases
                    .extend(from.map(|from| (from, setting(tape, to))));
            }
        }
        if tape.chance(percent / 2) {
            let of_second = self.components.iter().filter(|id| id.starts_with("p2:"));
            for (former, id) in FORMER.iter().zip(of_second) {
                let to = setting(tape, id.clone());
                says.aliases.insert((*former).to_owned(), to);
            }
            if tape.slip(10) {
                let all = setting(tape, "p2:*".to_owned());
                says.aliases.insert("once:*".to_owned(), all);
            }
        }
        if !is_plugin && tape.chance(percent / 2) {
            let changes = self.changes(tape);
            let id = if tape.slip(10) {
                Some("p1:Gone".to_owned())
            } else {
                tape.of(&self.components)
            };
            says.overrides.extend(id.map(|id| (id, changes)));
        }
        says
    }

    fn changes(&self, tape: &mut Tape<'_>) -> Override {
        let enabled = tape.chance(40).then(|| !tape.chance(70));
        let enabled = enabled.map(|enabled| setting(tape, enabled));
        Override {
            enabled,
            when: condition(tape, 10),
        }
    }
}

fn rule(tape: &mut Tape<'_>) -> Rule {
    let when = condition(tape, 15);
    let mut rule = Rule {
        when,
        ..Rule::default()
    };
    if tape.chance(40) {
        // Off where a condition holds, or on: nobody could tell which of the two is meant.
        let enabled = when != When::Always || !tape.chance(70);
        rule.enabled = Some(setting(tape, enabled));
    }
    rule.optional = tape
        .chance(40)
        .then(|| !tape.chance(10))
        .map(|optional| setting(tape, optional));
    rule.version = tape
        .chance(25)
        .then(|| tape.slip(60))
        .map(|version| setting(tape, version));
    if rule.enabled.is_none()
        && rule.version.is_none()
        && when == When::Always
        && rule.optional.is_none()
    {
        rule.optional = Some(setting(tape, true));
    }
    rule
}
