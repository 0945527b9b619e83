//! Where a value stands: dots between keys, `[i]` for list items, from the root of the file.

use std::fmt;

/// One step from the root of a configuration to a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The whole configuration.
    Root,
    /// A path that was written out before.
    #[cfg(feature = "pipes")]
    Written(&'a str),
    /// A key of a map.
    Key(&'a Path<'a>, &'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The path of `name` below this one.
    pub(crate) fn key(&'a self, name: &'a str) -> Path<'a> {
        Path::Key(self, name)
    }

    /// The path of the item with this number below this one.
    pub(crate) fn item(&'a self, number: usize) -> Path<'a> {
        Path::Item(self, number)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            #[cfg(feature = "pipes")]
            Path::Written(text) => f.write_str(text),
            Path::Key(Path::Root, name) => f.write_str(name),
            Path::Key(above, name) => write!(f, "{above}.{name}"),
            Path::Item(above, number) => write!(f, "{above}[{number}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_has_dots_between_keys_and_brackets_for_items() {
        let root = Path::Root;
        let steps = root.key("app");
        let steps = steps.key("steps");
        let step = steps.item(2);
        assert_eq!(step.key("use").to_string(), "app.steps[2].use");
    }
}
