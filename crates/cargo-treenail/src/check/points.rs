//! At which features and overlays a package is looked at.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use treenail_build::Composer;

use super::Arguments;

/// Features and an overlay, in words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point {
    /// The features.
    pub(super) features: String,
    /// The overlay.
    pub(super) overlay: String,
}

/// What composes the package in a folder, at every point that is asked for.
pub(super) fn points(arguments: &Arguments, folder: &Path) -> io::Result<Vec<(Point, Composer)>> {
    let composer = arguments.package.composer(folder)?;
    let point = Point {
        features: "the same features".to_owned(),
        overlay: "no overlay".to_owned(),
    };
    let overlays = match arguments.each_feature || arguments.all_overlays {
        true => composer.declared_overlays(),
        false => None,
    };
    // A plugin alone is the same at all of them.
    let Some(overlays) = overlays else {
        return Ok(vec![(point, composer)]);
    };
    let mut points = vec![(point, composer.ask_once())];
    if arguments.each_feature {
        points = points.into_iter().flat_map(with_each_feature).collect();
    }
    if arguments.all_overlays {
        let with_each = |(point, composer): (Point, Composer)| {
            let overlaid: Vec<(Point, Composer)> = overlays
                .iter()
                .map(|name| {
                    let overlay = format!("overlay `{name}`");
                    let point = Point {
                        overlay,
                        ..point.clone()
                    };
                    (point, composer.clone().overlay(name))
                })
                .collect();
            [(point, composer)].into_iter().chain(overlaid)
        };
        points = points.into_iter().flat_map(with_each).collect();
    }
    Ok(points)
}

/// With the default features, none, each alone, and all.
fn with_each_feature((point, composer): (Point, Composer)) -> Vec<(Point, Composer)> {
    let mut declared = composer.declared_features();
    let mut found = Vec::new();
    let mut add = |features: String, composer: Composer| {
        let point = Point {
            features,
            ..point.clone()
        };
        found.push((point, composer));
    };
    add("the default features".to_owned(), composer.clone());
    if declared.is_empty() {
        return found;
    }
    let only = |features: &BTreeSet<String>| composer.clone().only_features(features);
    add("no features".to_owned(), only(&BTreeSet::new()));
    add("all features".to_owned(), only(&declared));
    declared.remove("default");
    for feature in declared {
        add(
            format!("feature `{feature}` alone"),
            only(&BTreeSet::from([feature])),
        );
    }
    found
}
