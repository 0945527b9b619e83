//! The declared type of a value, read from the JSON Schema that schemars makes of the Rust type.

use std::collections::BTreeMap;

use serde_json::Value;

/// A schema inside its document, so that references can be followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeclaredType<'s> {
    root: &'s Value,
    at: &'s Value,
    /// It stands in something that is secret as a whole, or is referred to as a secret.
    in_secret: bool,
}

/// The kinds of value that a place takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) any: bool,
    pub(crate) text: bool,
    pub(crate) integer: bool,
    pub(crate) number: bool,
    pub(crate) boolean: bool,
    pub(crate) null: bool,
    pub(crate) list: bool,
    pub(crate) map: bool,
    pub(crate) duration: bool,
    /// Never to be shown.
    pub(crate) secret: bool,
    pub(crate) step: bool,
}

/// What is known of the keys of a map.
#[derive(Debug, Default)]
pub(crate) struct KnownKeys<'s> {
    pub(crate) known: BTreeMap<&'s str, DeclaredType<'s>>,
    pub(crate) required: Vec<&'s str>,
    /// The type of further keys; `None` where there may be none.
    pub(crate) further: Option<DeclaredType<'s>>,
}

/// A schema may refer to itself; nothing sensible goes deeper than this without reaching a type.
const DEPTH: usize = 32;

/// As deep as a secret is looked for inside a type. A type may hold itself, several times over.
const SECRET_DEPTH: usize = 6;

static ANYTHING: Value = Value::Bool(true);

impl<'s> DeclaredType<'s> {
    /// The type that every value is of.
    pub(crate) fn anything() -> Self {
        Self {
            root: &ANYTHING,
            at: &ANYTHING,
            in_secret: false,
        }
    }

    pub(crate) fn root(schema: &'s Value) -> Self {
        Self {
            root: schema,
            at: schema,
            in_secret: false,
        }
        .resolved()
    }

    fn sub(self, at: &'s Value) -> Self {
        Self {
            root: self.root,
            at,
            in_secret: self.is_secret(),
        }
        .resolved()
    }

    /// Follows `$ref`. What stands beside it is for people, but for the word that it is secret.
    fn resolved(mut self) -> Self {
        for _ in 0..DEPTH {
            self.in_secret = self.is_secret();
            let Some(reference) = self.at.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let target = match reference.strip_prefix('#') {
                Some("") => Some(self.root),
                Some(pointer) => self.root.pointer(pointer),
                None => None,
            };
            self.at = target.unwrap_or(&ANYTHING);
        }
        self
    }

    fn marker(self) -> Option<&'s str> {
        self.at.get("x-treenail").and_then(Value::as_str)
    }

    pub(crate) fn is_step(self) -> bool {
        self.marker() == Some("step")
    }

    /// Whether this is a list of steps.
    pub(crate) fn holds_steps(self) -> bool {
        let of_steps = |declared: DeclaredType<'_>| {
            let items = declared.at.get("items");
            items.is_some_and(|items| declared.sub(items).is_step())
        };
        of_steps(self) || self.alternatives().into_iter().any(of_steps)
    }

    fn is_secret(self) -> bool {
        self.in_secret
            || self.at.get("writeOnly") == Some(&Value::Bool(true))
            || self.at.get("format").and_then(Value::as_str) == Some("password")
    }

    /// Whether it is secret, or anything inside it may be.
    pub(crate) fn holds_secrets(self) -> bool {
        self.any_secret(0)
    }

    fn any_secret(self, depth: usize) -> bool {
        const LISTS: [&str; 4] = ["anyOf", "oneOf", "allOf", "prefixItems"];
        const MAPS: [&str; 2] = ["properties", "patternProperties"];
        const SINGLE: [&str; 3] = ["items", "additionalProperties", "unevaluatedProperties"];
        let maps = MAPS.iter().filter_map(|key| self.at.get(key)?.as_object());
        let single = SINGLE.iter().filter_map(|key| self.at.get(key));
        let inside = maps.flat_map(|map| map.values()).chain(single);
        let mut inside = inside
            .map(|at| self.sub(at))
            .chain(LISTS.iter().flat_map(|key| self.list_of(key)));
        self.is_secret() || (depth < SECRET_DEPTH && inside.any(|one| one.any_secret(depth + 1)))
    }

    fn list_of(self, key: &str) -> impl Iterator<Item = DeclaredType<'s>> + use<'s> {
        let items = self
            .at
            .get(key)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        items.iter().map(move |item| self.sub(item))
    }

    /// The alternatives of `anyOf` and `oneOf`, without the one for null.
    pub(crate) fn alternatives(self) -> Vec<DeclaredType<'s>> {
        self.list_of("anyOf")
            .chain(self.list_of("oneOf"))
            .filter(|declared| !declared.is_null())
            .collect()
    }

    fn is_null(self) -> bool {
        self.at.get("type").and_then(Value::as_str) == Some("null")
    }

    /// The texts of an enumeration, if that is what this is.
    pub(crate) fn allowed_texts(self) -> Option<Vec<&'s str>> {
        if let Some(values) = self.at.get("enum").and_then(Value::as_array) {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            let others = values.iter().filter(|value| !value.is_null()).count();
            return (texts.len() == others).then_some(texts);
        }
        if let Some(text) = self.at.get("const").and_then(Value::as_str) {
            return Some(vec![text]);
        }
        let alternatives = self.alternatives();
        if alternatives.is_empty() {
            return None;
        }
        let each: Option<Vec<Vec<&str>>> =
            alternatives.into_iter().map(Self::allowed_texts).collect();
        each.map(|each| each.concat())
    }

    pub(crate) fn constant(self) -> Option<&'s Value> {
        self.at.get("const")
    }

    pub(crate) fn expected(self) -> Expected {
        let mut expected = Expected::default();
        self.collect(&mut expected, 0);
        expected
    }

    fn collect(self, expected: &mut Expected, depth: usize) {
        expected.secret |= self.is_secret();
        match self.marker() {
            Some("step") => expected.step = true,
            Some("duration") => expected.duration = true,
            _ => {}
        }
        if expected.step || expected.duration || depth > DEPTH {
            return;
        }
        let mut said = false;
        match self.at.get("type") {
            Some(Value::String(name)) => said = expected.name(name),
            Some(Value::Array(names)) => {
                for name in names.iter().filter_map(Value::as_str) {
                    said |= expected.name(name);
                }
            }
            _ => {}
        }
        for value in self
            .at
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .chain(self.at.get("const"))
        {
            said |= expected.value(value);
        }
        if !said {
            for declared in self
                .list_of("anyOf")
                .chain(self.list_of("oneOf"))
                .chain(self.list_of("allOf"))
            {
                said = true;
                declared.collect(expected, depth + 1);
            }
        }
        if !said && self.at.get("properties").is_some() {
            expected.map = true;
        } else if !said {
            expected.any = true;
        }
    }

    /// The keys of a map of this type; those of `allOf` are its own.
    pub(crate) fn keys(self, top: bool) -> KnownKeys<'s> {
        let mut keys = KnownKeys::default();
        let said = self.gather(&mut keys, 0);
        // A type with known keys and no word about others has no others: serde would drop them in silence.
        if !said && keys.known.is_empty() && !top {
            keys.further = Some(Self::anything());
        }
        keys
    }

    fn gather(self, keys: &mut KnownKeys<'s>, depth: usize) -> bool {
        if depth > DEPTH {
            return true;
        }
        if let Some(properties) = self.at.get("properties").and_then(Value::as_object) {
            keys.known.extend(
                properties
                    .iter()
                    .map(|(name, schema)| (name.as_str(), self.sub(schema))),
            );
        }
        if let Some(required) = self.at.get("required").and_then(Value::as_array) {
            keys.required
                .extend(required.iter().filter_map(Value::as_str));
        }
        let mut said = false;
        for key in ["additionalProperties", "unevaluatedProperties"] {
            match self.at.get(key) {
                Some(Value::Bool(false)) => said = true,
                Some(schema) => {
                    said = true;
                    keys.further = Some(self.sub(schema));
                }
                None => {}
            }
        }
        for declared in self.list_of("allOf") {
            said |= declared.gather(keys, depth + 1);
        }
        said
    }

    /// The type of an item of a list.
    pub(crate) fn item(self, number: usize) -> DeclaredType<'s> {
        if let Some(declared) = self.list_of("prefixItems").nth(number) {
            return declared;
        }
        match self.at.get("items") {
            Some(schema) => self.sub(schema),
            None => Self::anything(),
        }
    }

    /// Bounds that a number or the length of a text, list or map breaks, in words.
    pub(crate) fn broken_bounds(self, value: &Value) -> Option<String> {
        let bound = |key: &str| self.at.get(key).and_then(Value::as_f64);
        let (measured, low, high, unit) = match value {
            Value::Number(number) => (number.as_f64()?, "minimum", "maximum", ""),
            Value::String(text) => (
                text.chars().count() as f64,
                "minLength",
                "maxLength",
                " characters",
            ),
            Value::Array(items) => (items.len() as f64, "minItems", "maxItems", " items"),
            _ => return None,
        };
        let (low, high) = (bound(low), bound(high));
        let exclusive = match value {
            Value::Number(_) => (bound("exclusiveMinimum"), bound("exclusiveMaximum")),
            _ => (None, None),
        };
        let too_low =
            low.is_some_and(|low| measured < low) || exclusive.0.is_some_and(|low| measured <= low);
        let too_high = high.is_some_and(|high| measured > high)
            || exclusive.1.is_some_and(|high| measured >= high);
        (too_low || too_high).then(|| {
            let mut words = Vec::new();
            words.extend(low.map(|low| format!("at least {low}{unit}")));
            words.extend(exclusive.0.map(|low| format!("more than {low}{unit}")));
            words.extend(high.map(|high| format!("at most {high}{unit}")));
            words.extend(exclusive.1.map(|high| format!("less than {high}{unit}")));
            words.join(" and ")
        })
    }
}

impl Expected {
    fn name(&mut self, name: &str) -> bool {
        match name {
            "string" => self.text = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "boolean" => self.boolean = true,
            "null" => self.null = true,
            "array" => self.list = true,
            "object" => self.map = true,
            _ => return false,
        }
        true
    }

    fn value(&mut self, value: &Value) -> bool {
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        self.name(name)
    }

    /// Whether a value of this kind may stand here.
    pub(crate) fn takes(self, value: &Value) -> bool {
        self.any
            || match value {
                Value::Null => self.null,
                Value::Bool(_) => self.boolean,
                Value::Number(number) => {
                    self.number || self.duration || (self.integer && !number.is_f64())
                }
                Value::String(_) => self.text,
                Value::Array(_) => self.list,
                Value::Object(_) => self.map,
            }
    }

    /// What may stand here, in words.
    pub(crate) fn words(self) -> String {
        let kinds = [
            (self.step, "a step (a map with `id`, `use` and `params`)"),
            (self.duration, "a duration"),
            (self.text, "a text"),
            (self.number, "a number"),
            (self.integer && !self.number, "an integer"),
            (self.boolean, "a boolean"),
            (self.list, "a list"),
            (self.map, "a map"),
        ];
        let words: Vec<&str> = kinds
            .iter()
            .filter(|(wanted, _)| *wanted)
            .map(|(_, words)| *words)
            .collect();
        match words.as_slice() {
            [] if self.null => "nothing".to_owned(),
            [] => "a value".to_owned(),
            words => words.join(" or "),
        }
    }
}
