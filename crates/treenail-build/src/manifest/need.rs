//! One entry of a component's `requires`.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{Excluding, NameFault, NameOf};
use crate::model::{Form, Need};
use crate::source::{Located, Origin};

/// The forms, by the key for each.
const FORMS: &[(&str, Form)] = &[
    ("optional", Form::Optional),
    ("all", Form::All),
    ("map", Form::Map),
    ("lazy", Form::Lazy),
];

/// The field that a decorator finds the previous provider in.
const INNER: &str = "inner";

impl Reader<'_> {
    /// `field = "dyn a::T"` or `field = { service = "dyn a::T", … }`
    pub(super) fn need(&mut self, entry: &Entry<'_>, decorates: bool) -> Option<Need> {
        let field = if decorates && entry.key == INNER {
            self.not_a_name(entry.key, NameOf::Field, NameFault::Reserved, entry.key_at)
        } else {
            self.named(key(entry), NameOf::Field)
        };
        match entry.value {
            DeValue::String(_) => {
                let service = self.ty(entry)?;
                Some(Need {
                    field: field?,
                    service,
                    form: Form::One,
                    from: None,
                })
            }
            DeValue::Table(_) => self.detailed(entry, field),
            _ => self.wrong_type(
                entry,
                "a service like `\"dyn path::Trait\"`, or a table with `service`",
            ),
        }
    }

    fn detailed(&mut self, entry: &Entry<'_>, field: Option<Located<String>>) -> Option<Need> {
        let title = format!("requirement `{}`", entry.key);
        let mut table = self.table(entry, &keys::NEED, &title, "a table")?;
        let service = self.require(&mut table, "service");
        let service = service.and_then(|entry| self.ty(&entry));
        let from = table.take("from");
        let from_at = from.as_ref().map(|entry| entry.key_at);
        let from = from.and_then(|entry| self.component_id(&entry));
        let form = self.form(&mut table, from_at);
        // A misspelt form: which one cannot be told.
        let mut unknown = table.entries.values();
        let misspelt = unknown.any(|entry| matches!(entry.value, DeValue::Boolean(_)));
        let form = form.filter(|form| *form != Form::One || !misspelt);
        self.finish(&table);
        Some(Need {
            field: field?,
            service: service?,
            form: form?,
            from,
        })
    }

    /// The one form whose key is `true`; `None` where that cannot be told.
    fn form(&mut self, table: &mut Table<'_>, from: Option<Origin>) -> Option<Form> {
        let mut known = true;
        let mut chosen: Vec<(Origin, &str, Form)> = Vec::new();
        for (key, form) in FORMS {
            let Some(entry) = table.take(key) else {
                continue;
            };
            match self.boolean(&entry) {
                Some(value) if value.value => chosen.push((entry.key_at, key, *form)),
                Some(_) => {}
                None => known = false,
            }
        }
        chosen.sort_by_key(|(at, ..)| *at);
        let mut keys: Vec<(Origin, &str)> = chosen.iter().map(|(at, key, _)| (*at, *key)).collect();
        if let (Some(at), [(_, _, Form::All | Form::Map)]) = (from, chosen.as_slice()) {
            keys.push((at, "from"));
            keys.sort_unstable();
        }
        if let [(first_at, first), (second_at, second), ..] = keys.as_slice() {
            let problem = Excluding {
                first: (*first).to_owned(),
                second: (*second).to_owned(),
                first_at: *first_at,
            };
            self.problems.report(problem, *second_at);
            known = false;
        }
        known.then(|| chosen.first().map_or(Form::One, |(_, _, form)| *form))
    }
}
