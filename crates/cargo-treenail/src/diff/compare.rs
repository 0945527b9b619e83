//! Compares two compositions. A fact is told once, where its cause is: what follows from it is told with it.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

use super::comparison::{Comparison, LOGGING, listed, quoted};
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
    host(&mut comparison);
    plugins::compare(&mut comparison);
    components::by_themselves(&mut comparison);
    services::compare(&mut comparison);
    registries::compare(&mut comparison);
    components::compare(&mut comparison);
    if let Some(schemas) = schemas {
        configuration::compare(&mut comparison, schemas);
    }
    aliases(&mut comparison);
    contracts(&mut comparison);
    start(&mut comparison);
    let mut facts = comparison.facts;
    facts.sort_by_key(|fact| fact.class);
    facts
}

fn host(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let (was, is) = (&old.host, &new.host);
    let mut differs = |class, subject: &str, sides: [String; 2], key| {
        let stated = new.setting("host", &is.package, key);
        let stated = stated.or_else(|| old.setting("host", &was.package, key));
        let at = stated.map(|one| one.counts.at.as_str());
        comparison.differs(class, subject.to_owned(), sides, at);
    };
    let is_root_known = new.aliases.get(&was.root) == Some(&is.root);
    let root = Class::Changed.unless(!is_root_known);
    let roots = [was, is].map(|host| quoted(&host.root));
    differs(root, "root key of the configuration", roots, "root");
    let versions = VersionReq::parse(&was.api)
        .ok()
        .zip(Version::parse(&is.api).ok());
    let api = Class::Changed.unless(!versions.is_some_and(|(old, new)| old.matches(&new)));
    let versions = [was, is].map(|host| host.api.clone());
    differs(api, "`api` version of the host", versions, "api");
    // Where nothing else is said, it is that of the package.
    if (&was.version, &is.version) != (&was.api, &is.api) {
        let versions = [was, is].map(|host| host.version.clone());
        differs(Class::Changed, "version of the host", versions, "");
    }
    let packages = [was, is].map(|host| quoted(&host.package));
    differs(Class::Changed, "package of the host", packages, "");
    let words = |is: bool| if is { "configured" } else { "the host's own" };
    let logging = [was, is].map(|host| words(host.logging).to_owned());
    differs(Class::New.unless(was.logging), LOGGING, logging, "logging");
    let overlays = [old, new].map(|side| listed(&side.overlays));
    differs(Class::Changed, "overlays in force", overlays, "");
}

fn aliases(comparison: &mut Comparison<'_>) {
    let pairs = comparison.pairs;
    let Pairs { old, new, .. } = *pairs;
    let place = |side: &Description, from: &str| {
        let setting = side.setting("alias", from, "target");
        setting.map(|setting| Decided::at(&setting.counts.at))
    };
    let is_name = |side: &Description, name: &str| {
        side.component(name).is_some() || side.plugin(name).is_some() || side.host.root == *name
    };
    let now = |name: &str| match pairs.plugin(name) {
        Some(plugin) => Some(plugin.id.clone()),
        None if *name == old.host.root => Some(new.host.root.clone()),
        None => pairs.component(name).map(|one| one.id.clone()),
    };
    let names: BTreeSet<&String> = old.aliases.keys().chain(new.aliases.keys()).collect();
    for from in names {
        let subject = format!("alias `{from}`");
        let fact = match (old.aliases.get(from), new.aliases.get(from)) {
            (Some(was), Some(is)) if now(was).is_none_or(|now| now != *is) => {
                let fact = Fact::new(Class::Changed, subject, quoted(was), quoted(is));
                fact.decided(place(new, from))
            }
            // What goes or has that name now is told.
            (Some(was), None) if now(was).is_some() && !is_name(new, from) => {
                let fact = Fact::new(Class::Breaking, subject, quoted(was), "gone");
                fact.decided(place(old, from).map(Decided::before))
            }
            (None, Some(is)) if !is_name(old, from) && !pairs.is_new(is) && !pairs.comes(is) => {
                let fact = Fact::new(Class::New, subject, "none", quoted(is));
                fact.decided(place(new, from))
            }
            _ => continue,
        };
        comparison.tell(fact);
    }
}

/// Packages that are no plugins, and in which services and registries live.
fn contracts(comparison: &mut Comparison<'_>) {
    let sides = [comparison.pairs.old, comparison.pairs.new];
    let is_part = |package: &String| {
        let mut plugins = sides.iter().flat_map(|side| &side.plugins);
        let mut hosts = sides.iter().map(|side| &side.host.package);
        plugins.any(|one| one.package == *package) || hosts.any(|host| host == package)
    };
    let packages = sides[0]
        .contracts
        .keys()
        .filter(|package| !is_part(package));
    for package in packages.filter(|package| sides[1].contracts.contains_key(*package)) {
        let versions = sides.map(|side| {
            let versions: Vec<&str> = side.contracts[package].iter().map(String::as_str).collect();
            versions.join(", ")
        });
        let subject = format!("version of contract `{package}`");
        comparison.differs(Class::Changed, subject, versions, None);
    }
}

/// In which order components are built, and what the start waits for.
fn start(comparison: &mut Comparison<'_>) {
    let pairs = comparison.pairs;
    let before = pairs
        .old
        .components
        .iter()
        .filter_map(|one| pairs.component(&one.id));
    let before: Vec<&str> = before.map(|one| one.id.as_str()).collect();
    let after = pairs.new.components.iter().map(|one| one.id.as_str());
    let after: Vec<&str> = after.filter(|id| !pairs.is_new(id)).collect();
    let orders = difference(&before, &after).map(listed);
    comparison.differs(
        Class::Changed,
        "order of the start".to_owned(),
        orders,
        None,
    );
    let (was, now) = (&pairs.old.critical_path, &pairs.new.critical_path);
    let path = pairs.ids(was);
    let was_now = now.iter().map(|id| pairs.was(id).map_or(id, |was| &was.id));
    // Of several that are as long, any one is critical; and another component in the place of one that is gone is told with that.
    let holds = was.len() == now.len()
        && (holds(pairs.new, &path) || holds(pairs.old, &was_now.cloned().collect::<Vec<_>>()));
    if !holds {
        let paths = [&path, now].map(|path| listed(path).replace("`, `", "`, then `"));
        let subject = "critical path of the start".to_owned();
        comparison.differs(Class::Changed, subject, paths, None);
    }
}

/// Whether each of these components, as far as they are there, is built after the one before it: because it needs it or what it
/// wraps, or because that one's hooks come first.
fn holds(side: &Description, path: &[String]) -> bool {
    path.windows(2).all(|pair| {
        let [Some(earlier), Some(later)] = [&pair[0], &pair[1]].map(|id| side.component(id)) else {
            return true;
        };
        let wraps = |need: &Need| {
            let service = side.service(&need.service);
            service.is_some_and(|service| service.decorators.contains(&earlier.id))
        };
        let mut needs = later.needs.iter().filter(|need| need.form != "lazy");
        let is_set_up = earlier.kind == "hooks" && earlier.plugin == later.plugin;
        is_set_up || needs.any(|need| need.reaches(&earlier.id) || wraps(need))
    })
}

/// What is different between two lists, without what both begin and end with.
fn difference<'l, 's>(one: &'l [&'s str], other: &'l [&'s str]) -> [&'l [&'s str]; 2] {
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let start = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let ends = one.iter().rev().zip(other.iter().rev());
    let end = ends.take_while(same).count();
    [&one[..one.len() - end], &other[..other.len() - end]]
}
