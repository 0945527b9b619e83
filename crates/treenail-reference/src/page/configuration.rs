//! The configuration file: how its root is called, how variables are, and the sections of the program itself.

use treenail_core::environment::spelling;

use super::Parts;
use super::rows;
use crate::composition::Composition;
use crate::document::{Document, Inline, code, joined, text};
use crate::keys::Keys;

/// No plugin is called so.
const ANCHOR: &str = "_configuration";

pub(super) fn tell(page: &mut Document, composition: &Composition, parts: Option<&Parts<'_>>) {
    page.heading(2, ANCHOR.to_owned(), vec![text("The configuration")]);
    let Some(parts) = parts else {
        page.say(vec![text(
            "The keys are not known: this page was printed without the schema of the configuration.",
        )]);
        return;
    };
    page.say(about_root(composition));
    page.say(about_variables(&composition.root));
    page.say(vec![
        text("In a path, "),
        code("[]"),
        text(" stands for each item of a list, and "),
        code(crate::keys::NAMED),
        text(" for a name that the file itself gives. In what a component takes, a template may stand for any value. A duration \
              is a text such as "),
        code("PT5S"),
        text(", "),
        code("500ms"),
        text(" or "),
        code("00:05:00"),
        text(", or a number of seconds. What is marked as secret is shown in no message."),
    ]);
    let mut keys = Keys::new(parts.schemas, parts.components());
    keys.map(&parts.configuration, "");
    rows::tell(page, composition, parts.schemas, ANCHOR, &keys.found);
    if let Some(step) = &parts.step {
        page.heading(3, rows::STEP.to_owned(), vec![text("A step")]);
        page.say(vec![text(
            "The pipeline is a step, and a step may hold others.",
        )]);
        let mut keys = Keys::new(parts.schemas, parts.components());
        keys.map(step, "");
        rows::tell(page, composition, parts.schemas, rows::STEP, &keys.found);
    }
}

fn about_root(composition: &Composition) -> Vec<Inline> {
    let mut line = vec![
        text("The configuration is YAML. Everything in it stands under one key, "),
        code(&composition.root),
    ];
    let aliases = composition.aliases.iter();
    let names = aliases.filter(|(_, target)| **target == composition.root);
    let names: Vec<_> = names.map(|(name, _)| vec![code(name)]).collect();
    if !names.is_empty() {
        line.push(text(", which may be called "));
        line.extend(joined(names, ", ", " or "));
    }
    line.push(text(". The paths of this section begin below it."));
    line
}

fn about_variables(root: &str) -> Vec<Inline> {
    let root = spelling(root);
    vec![
        text(
            "A variable of the environment names a value by the keys that lead to it, with two underscores between them: ",
        ),
        code(format!("{root}__LIFECYCLE__TOTAL__STOP")),
        text(" is "),
        code("lifecycle.total.stop"),
        text(
            ". It has no case, and every sign of a key that is no letter or digit is one underscore; a number is a place in a list.",
        ),
    ]
}
