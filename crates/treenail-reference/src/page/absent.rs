//! Further names, and what is known and not in the program.

use super::link::link;
use crate::composition::{Composition, Reason};
use crate::document::{Document, Inline, Row, code, joined, text};

pub(super) fn tell(page: &mut Document, composition: &Composition) {
    aliases(page, composition);
    left_out(page, composition);
}

fn aliases(page: &mut Document, composition: &Composition) {
    if composition.aliases.is_empty() {
        return;
    }
    page.heading(2, "_names".to_owned(), vec![text("Other names")]);
    let rows = composition.aliases.iter().map(|(name, target)| Row {
        anchor: String::new(),
        cells: vec![vec![code(name)], vec![link(composition, target)]],
    });
    page.table(&["name", "stands for"], rows.collect());
}

fn left_out(page: &mut Document, composition: &Composition) {
    let left_out = composition.left_out.iter().map(|one| Row {
        anchor: String::new(),
        cells: vec![vec![code(&one.name)], why(composition, &one.reason)],
    });
    let absent = composition.absent.iter().map(|one| Row {
        anchor: String::new(),
        cells: vec![
            joined(
                one.names.iter().map(|name| vec![code(name)]).collect(),
                ", ",
                ", ",
            ),
            vec![
                text("the program is built without it: build it with "),
                code(format!("--features {}", one.feature)),
            ],
        ],
    });
    let rows: Vec<Row> = left_out.chain(absent).collect();
    if !rows.is_empty() {
        page.heading(2, "_absent".to_owned(), vec![text("Not in this program")]);
    }
    page.table(&["what", "why"], rows);
}

fn why(composition: &Composition, reason: &Reason) -> Vec<Inline> {
    match reason {
        Reason::Lost(winners) => {
            let all = winners.iter().map(|id| vec![link(composition, id)]);
            let mut line = joined(all.collect(), ", ", " and ");
            let verb = if winners.len() == 1 {
                " takes"
            } else {
                " take"
            };
            line.push(text(format!("{verb} its place")));
            line
        }
        Reason::Unneeded(needer) => vec![
            text("only "),
            code(needer),
            text(" needed it, which is not there"),
        ],
        Reason::Off => vec![text("it is switched off")],
    }
}
