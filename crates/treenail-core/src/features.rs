//! Which features of a program bring what it needs.

/// A feature of a program, as far as plugins are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature<'a> {
    /// Its name.
    pub name: &'a str,
    /// The packages of plugins that it brings, by itself or by other features that it switches on.
    pub packages: &'a [&'a str],
    /// It is one of those that `default` names.
    pub default: bool,
}

/// What Cargo is told on the command line for these features and no others.
///
/// ```
/// use treenail_core::features::command_line;
///
/// assert_eq!(command_line(["colour", "zammad"]), "--no-default-features --features colour,zammad");
/// assert_eq!(command_line([]), "--no-default-features");
/// ```
pub fn command_line<'a>(features: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = "--no-default-features".to_owned();
    let mut before = " --features ";
    for feature in features {
        line.push_str(before);
        line.push_str(feature);
        before = ",";
    }
    line
}

/// The fewest features that bring these packages, sorted. A default feature that brings no plugin is none of this question's, and
/// stays on.
///
/// ```
/// use treenail_core::features::{Feature, fewest};
///
/// let feature = |name, packages| Feature { name, packages, default: false };
/// let http = feature("http", &["desk-http"][..]);
/// let zammad = feature("zammad", &["desk-http", "desk-zammad"]);
/// let colour = Feature { default: true, ..feature("colour", &[]) };
/// let all = [colour, http, zammad];
/// assert_eq!(fewest(&all, |package| package == "desk-http"), ["colour", "http"]);
/// assert_eq!(fewest(&all, |_| true), ["colour", "zammad"]);
/// ```
pub fn fewest<'a>(all: &[Feature<'a>], is_needed: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let needed = |feature: &Feature<'a>| {
        let packages = feature.packages.iter().copied();
        packages.filter(|one| is_needed(one)).collect::<Vec<_>>()
    };
    // For each package the feature that brings least besides.
    let packages = all.iter().flat_map(needed);
    let bring = packages.filter_map(|package| {
        let bringing = all.iter().filter(|one| one.packages.contains(&package));
        bringing.min_by_key(|one| (one.packages.len(), one.name))
    });
    let mut chosen: Vec<&Feature<'a>> = bring.collect();
    chosen.sort_by_key(|one| one.name);
    chosen.dedup_by_key(|one| one.name);
    // What another one brings along needs no mention.
    let is_implied = |feature: &&Feature<'a>| {
        let own = needed(feature);
        chosen.iter().any(|other| {
            let others = needed(other);
            let more = others.len() > own.len() || other.name < feature.name;
            other.name != feature.name && more && own.iter().all(|one| others.contains(one))
        })
    };
    let bringing = chosen.iter().copied().filter(|one| !is_implied(one));
    let others = all
        .iter()
        .filter(|one| one.default && one.packages.is_empty());
    let mut names: Vec<&str> = bringing.chain(others).map(|one| one.name).collect();
    names.sort_unstable();
    names
}
