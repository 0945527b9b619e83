//! One entry of a component's `requires`.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{NameFault, NameOf};
use crate::model::{Form, Need};
use crate::source::{Located, Origin};

/// The forms, by the key for each.
const FORMS: &[(&str, Form)] = &[
    ("optional", Form::Optional),
    ("all", Form::All),
    ("map", Form::Map),
    ("lazy", Form::Lazy),
    ("current", Form::Current),
];

/// The field that a decorator finds the previous provider in.
const INNER: &str = "inner";

impl Reader<'_> {
    /// `field = "dyn a::T"` or `field = { service = "dyn a::T", … }` or `field = { registry = "a::T" }`
    pub(super) fn need(&mut self, entry: &Entry<'_>, decorates: bool) -> Option<Need> {
        let field = if decorates && entry.key == INNER {
            self.not_a_name(entry.key, NameOf::Field, NameFault::Reserved, entry.key_at)
        } else {
            self.named(entry.name(), NameOf::Field)
        };
        match entry.value {
            DeValue::String(_) => {
                let service = self.service(entry)?;
                Some(Need {
                    field: field?,
                    service,
                    form: Form::One,
                    from: None,
                    named: false,
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
        let is_registry =
            |entry: &Entry<'_>| entry.key == "registry" || entry.meant == Some("registry");
        if table.entries.iter().any(is_registry) {
            return self.of_registry(table, field);
        }
        let service = table.take("service");
        if service.is_none() {
            self.missing(&table, "service", "service = \"dyn path::Trait\"");
        }
        let service = service.and_then(|entry| self.service(&entry));
        let from_at = table.get("from").map(|entry| entry.key_at);
        let from = self.value(&mut table, "from", Self::component_id);
        let named_at = table.get("named").map(|entry| entry.key_at);
        let named = self.value(&mut table, "named", Self::boolean);
        let is_unclear = named_at.is_some() && named.is_none();
        let named_at = named_at.filter(|_| named.is_some_and(|named| named.value));
        let form = self.form(&mut table, from_at, named_at);
        // A misspelt form: which one cannot be told.
        let mut unknown = table.entries.iter();
        let misspelt = unknown.any(|entry| matches!(entry.value, DeValue::Boolean(_)));
        let form = form.filter(|form| !is_unclear && (*form != Form::One || !misspelt));
        self.finish(&table);
        Some(Need {
            field: field?,
            service: service?,
            form: form?,
            from,
            named: named_at.is_some(),
        })
    }

    /// `{ registry = "a::T" }`: nothing else stands beside it.
    fn of_registry(
        &mut self,
        mut table: Table<'_>,
        field: Option<Located<String>>,
    ) -> Option<Need> {
        let entry = table.take("registry")?;
        let text = self.string(&entry);
        let registry = text.and_then(|text| self.registry_in(&text.value, text.origin));
        let mut is_alone = true;
        for key in keys::NEED.names() {
            let other = (key != "registry").then(|| table.take(key)).flatten();
            let other = other.filter(|one| !matches!(one.value, DeValue::Boolean(false)));
            if let Some(other) = other.filter(|_| is_alone) {
                self.excluding(vec![(entry.key_at, "registry"), (other.key_at, key)]);
                is_alone = false;
            }
        }
        self.finish(&table);
        Some(Need {
            field: field?,
            service: registry.filter(|_| is_alone)?,
            form: Form::Registry,
            from: None,
            named: false,
        })
    }

    /// The one form whose key is `true`; `None` where that cannot be told.
    fn form(
        &mut self,
        table: &mut Table<'_>,
        from: Option<Origin>,
        named: Option<Origin>,
    ) -> Option<Form> {
        let mut known = true;
        let mut form = Form::One;
        let mut keys: Vec<(Origin, &str)> = Vec::new();
        for (key, form_of_key) in FORMS {
            let Some(entry) = table.take(key) else {
                continue;
            };
            match self.boolean(&entry) {
                Some(value) if value.value => {
                    keys.push((entry.key_at, key));
                    form = *form_of_key;
                }
                Some(_) => {}
                None => known = false,
            }
        }
        if keys.len() < 2 {
            let takes_any = matches!(form, Form::All | Form::Map);
            let ways = [(from, "from"), (named, "named")];
            let mut ways: Vec<_> = ways
                .into_iter()
                .filter_map(|(at, key)| Some((at?, key)))
                .collect();
            if takes_any {
                keys.append(&mut ways);
            } else if ways.len() > 1 {
                keys = ways;
            }
        }
        if keys.len() > 1 {
            self.excluding(keys);
            return None;
        }
        known.then_some(form)
    }
}
