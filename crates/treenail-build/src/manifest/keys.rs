//! Keys that manifests no longer have.

/// A key that a table once had.
pub(super) struct Removed {
    /// Its name.
    pub(super) key: &'static str,
    /// What to write in its place.
    pub(super) instead: &'static str,
}

/// Of a condition.
pub(super) const WHEN: &[Removed] = &[
    Removed {
        key: "target",
        instead: "write `'cfg(…)'` alone; with a feature, `'cfg(all(feature = \"name\", unix))'`",
    },
    Removed {
        key: "all",
        instead: "write it as in an attribute, `'cfg(all(feature = \"name\", unix))'`",
    },
    Removed {
        key: "any",
        instead: "write it as in an attribute, `'cfg(any(feature = \"name\", unix))'`",
    },
    Removed {
        key: "not",
        instead: "write it as in an attribute, `'cfg(not(feature = \"name\"))'`",
    },
];

/// Of `that` in an `[[assert]]`.
pub(super) const THAT: &[Removed] = &[
    Removed {
        key: "all",
        instead: "write its keys beside each other, or an `[[assert]]` for each",
    },
    Removed {
        key: "any",
        instead: "write an `[[assert]]` for each thing that has to hold, or count the providers of a service with `count`",
    },
    Removed {
        key: "version",
        instead: "say which versions will do in the host's `[plugins]`, or in `requires` of `[plugin]`: `id = \"^1.2\"`",
    },
    Removed {
        key: "feature",
        instead: "write `when = { feature = \"name\" }` beside `that`, and what has to hold with the feature in `that`",
    },
    Removed {
        key: "target",
        instead: "write `when = 'cfg(…)'` beside `that`, and what has to hold for this target in `that`",
    },
    Removed {
        key: "overlay",
        instead: "write the assertion into the overlay, `[[overlay.NAME.assert]]`",
    },
];
