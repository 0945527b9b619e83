//! Compares two compositions. A fact is told once, where its cause is: what follows from it is told with it.

use semver::{Version, VersionReq};

use super::comparison::{Comparison, listed, quoted};
use super::configuration::Schemas;
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use super::{components, configuration, plugins, registries, services};
use crate::description::{Description, Need};

/// Every difference, the most serious ones first.
pub(crate) fn compare(
    old: &Description,
    new: &Description,
    schemas: Option<&Schemas>,
) -> Vec<Fact> {
    let mut comparison = Comparison {
        pairs: &Pairs::of(old, new),
        has_schemas: schemas.is_some(),
        facts: Vec::new(),
    };
    comparison.host();
    plugins::compare(&mut comparison);
    components::removed(&mut comparison);
    services::compare(&mut comparison);
    registries::compare(&mut comparison);
    components::compare(&mut comparison);
    if let Some(schemas) = schemas {
        configuration::compare(&mut comparison, schemas);
    }
    comparison.aliases();
    comparison.contracts();
    comparison.start();
    let mut facts = comparison.facts;
    facts.sort_by_key(|fact| fact.class);
    facts
}

impl Comparison<'_> {
    fn host(&mut self) {
        let (old, new) = (&self.pairs.old.host, &self.pairs.new.host);
        let (was, is) = (self.pairs.old, self.pairs.new);
        let mut tell = |class, subject: &str, before: &str, after: &str, key: &str| {
            if before != after {
                let stated = is.setting("host", &new.package, key);
                let stated = stated.or_else(|| was.setting("host", &old.package, key));
                let stated = stated.map(|one| Decided::at(&one.counts.at));
                self.facts
                    .push(Fact::new(class, subject, before, after).decided(stated));
            }
        };
        let keeps_root = is.aliases.get(&old.root) == Some(&new.root);
        let root = if keeps_root {
            Class::Changed
        } else {
            Class::Breaking
        };
        tell(
            root,
            "root key of the configuration",
            &quoted(&old.root),
            &quoted(&new.root),
            "root",
        );
        let fits = match (VersionReq::parse(&old.api), Version::parse(&new.api)) {
            (Ok(old), Ok(new)) => old.matches(&new),
            _ => false,
        };
        let api = if fits {
            Class::Changed
        } else {
            Class::Breaking
        };
        tell(api, "`api` version of the host", &old.api, &new.api, "api");
        // Where nothing else is said, it is that of the package.
        if (&old.version, &new.version) != (&old.api, &new.api) {
            tell(
                Class::Changed,
                "version of the host",
                &old.version,
                &new.version,
                "",
            );
        }
        tell(
            Class::Changed,
            "package of the host",
            &quoted(&old.package),
            &quoted(&new.package),
            "",
        );
        let logging = if old.logging {
            Class::Breaking
        } else {
            Class::New
        };
        let of_host = |is: bool| if is { "configured" } else { "the host's own" };
        tell(
            logging,
            "log of the application",
            of_host(old.logging),
            of_host(new.logging),
            "logging",
        );
        let none_or = |names: &[String]| match names {
            [] => "none".to_owned(),
            _ => listed(names),
        };
        tell(
            Class::Changed,
            "overlays in force",
            &none_or(&was.overlays),
            &none_or(&is.overlays),
            "",
        );
    }

    fn aliases(&mut self) {
        let Pairs { old, new, .. } = *self.pairs;
        let place = |side: &Description, from: &str| {
            let setting = side.setting("alias", from, "target");
            setting.map(|setting| Decided::at(&setting.counts.at))
        };
        for (from, to) in &old.aliases {
            let subject = format!("alias `{from}`");
            let is_there = self.pairs.component(to).is_some()
                || self.pairs.plugin(to).is_some()
                || *to == old.host.root;
            let to = match self.pairs.plugin(to) {
                Some(plugin) => plugin.id.as_str(),
                None if *to == old.host.root => &new.host.root,
                None => self.pairs.id(to),
            };
            let is_name = new.component(from).is_some()
                || new.plugin(from).is_some()
                || new.host.root == *from;
            match new.aliases.get(from) {
                Some(other) if other != to => {
                    let fact = Fact::new(Class::Changed, subject, quoted(to), quoted(other));
                    self.tell(fact.decided(place(new, from)));
                }
                None if is_there && !is_name => {
                    let fact = Fact::new(Class::Breaking, subject, quoted(to), "gone");
                    self.tell(fact.decided(place(old, from).map(Decided::before)));
                }
                _ => {}
            }
        }
        for (from, to) in &new.aliases {
            // What was called so before is told with that.
            let was_name = old.component(from).is_some()
                || old.plugin(from).is_some()
                || old.host.root == *from;
            let is_new = self.pairs.is_new(to)
                || new
                    .plugin(to)
                    .is_some_and(|one| self.pairs.is_new_plugin(&one.id));
            if !old.aliases.contains_key(from) && !was_name && !is_new {
                let fact = Fact::new(Class::New, format!("alias `{from}`"), "none", quoted(to));
                self.tell(fact.decided(place(new, from)));
            }
        }
    }

    /// Packages that are no plugins, and in which services and registries live.
    fn contracts(&mut self) {
        let Pairs { old, new, .. } = *self.pairs;
        let is_part = |package: &str| {
            let sides = [old, new].into_iter();
            let mut plugins = sides.clone().flat_map(|side| &side.plugins);
            plugins.any(|one| one.package == package)
                || sides
                    .map(|side| &side.host)
                    .any(|host| host.package == package)
        };
        for (package, versions) in &old.contracts {
            let Some(others) = new.contracts.get(package) else {
                continue;
            };
            if versions != others && !is_part(package) {
                let [before, after] = [versions, others].map(|all| {
                    all.iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join(", ")
                });
                let subject = format!("version of contract `{package}`");
                self.tell(Fact::new(Class::Changed, subject, before, after));
            }
        }
    }

    /// In which order components are built, and what the start waits for.
    fn start(&mut self) {
        let Pairs { old, new, .. } = *self.pairs;
        let stays = |id: &&str| self.pairs.component(id).is_some();
        let before = old
            .components
            .iter()
            .map(|one| one.id.as_str())
            .filter(stays);
        let before: Vec<&str> = before.map(|id| self.pairs.id(id)).collect();
        let after = new.components.iter().map(|one| one.id.as_str());
        let after: Vec<&str> = after.filter(|id| !self.pairs.is_new(id)).collect();
        if let Some((before, after)) = difference(&before, &after) {
            let [before, after] = [before, after].map(listed);
            self.facts.push(Fact::new(
                Class::Changed,
                "order of the start",
                before,
                after,
            ));
        }
        let path = self.pairs.ids(&old.critical_path);
        // Another one in the place of one that is gone is told with that.
        let is_alike = |pair: &[String]| {
            let known = |id: &String| new.component(id).is_some();
            waits(new, &pair[1], &pair[0]) || !pair.iter().all(known)
        };
        let holds = path.len() == new.critical_path.len() && path.windows(2).all(is_alike);
        if !holds && path != new.critical_path {
            let [before, after] = [&path, &new.critical_path].map(|path| match path.as_slice() {
                [] => "none".to_owned(),
                path => path
                    .iter()
                    .map(|id| quoted(id))
                    .collect::<Vec<_>>()
                    .join(", then "),
            });
            self.facts.push(Fact::new(
                Class::Changed,
                "critical path of the start",
                before,
                after,
            ));
        }
    }
}

/// Whether one component is built after another because it needs it, or because that one's hooks come first.
fn waits(side: &Description, later: &str, earlier: &str) -> bool {
    let (Some(later), Some(earlier)) = (side.component(later), side.component(earlier)) else {
        return false;
    };
    let needs = |need: &Need| need.form != "lazy" && need.reaches(&earlier.id);
    earlier.kind == "hooks" && earlier.plugin == later.plugin || later.needs.iter().any(needs)
}

/// What is different between two lists, without what both begin and end with.
fn difference<'l, 's>(
    one: &'l [&'s str],
    other: &'l [&'s str],
) -> Option<(&'l [&'s str], &'l [&'s str])> {
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let start = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    (!one.is_empty() || !other.is_empty()).then_some((one, other))
}
