//! What a template may take: how long and how deep it may be, and how much time and memory its rendering may need.
//!
//! The engine counts fuel, and ends what has none left. An instruction costs one, and 64 bytes of what an operator, a
//! filter or a function makes cost one, so that fuel bounds time and memory together. But the engine counts the top of a
//! value only: a list that holds one list a thousand times, in as many levels, costs nothing until somebody writes or
//! compares it, and then all at once; lists are added and repeated lazily, and for free; and what nests without end
//! overflows the stack where it is dropped. Neither its operators nor its lists can be replaced. So `syntax.rs` puts one
//! of the filters of this file behind each operand of a template: no operator, no filter, no function and no variable gets
//! a value that is lazy, that is too deep, or that nobody has paid for. What is in a value is counted once: values do not
//! change. The few filters and functions whose result can be far larger than what they are given pay in advance; they
//! stand with the others of ours.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use minijinja::value::{DynObject, Tuple, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::fail_marker::FailMarker;

/// Bytes of a template.
pub(super) const SOURCE: usize = 256 * 1024;

/// Blocks and brackets around each other, in a template.
pub(super) const BRACKETS: usize = 64;

/// Operators, filters, attributes and calls that work on the result of each other, in a template.
pub(super) const OPERATORS: usize = 200;

/// Lists and maps around each other, in a value.
pub(super) const LEVELS: usize = 200;

/// Steps of one rendering, where 64 bytes of what is made cost as much as a step.
pub(super) const FUEL: u64 = 1_000_000;

/// Loops, macros and other blocks in each other, while a template is rendered; a macro counts several times.
pub(super) const RECURSION: usize = 500;

/// Bytes that one step of fuel pays for, as the engine has it.
const BYTES_OF_FUEL: usize = 64;

/// Bytes that one value in another one counts as, besides its text.
const BYTES_OF_VALUE: usize = 8;

/// Items of a list that one step of fuel pays for, where a list is made of something else.
const ITEMS_OF_FUEL: usize = 4;

/// Behind an operand whose value goes on as it is.
pub(super) const HELD: &str = "|__held";
/// Behind an operand whose value is written, compared or given away: all that is in it is looked at.
pub(super) const PAID: &str = "|__paid";
/// Behind what a namespace keeps.
pub(super) const KEPT: &str = "|__kept";
/// Behind that of which a part is taken.
pub(super) const COUNTED: &str = "|__counted";

/// Adds the filters to an environment, and the bounds that it keeps by itself.
pub(super) fn add(env: &mut Environment<'static>) {
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(RECURSION);
    env.add_filter(&HELD[1..], held);
    env.add_filter(&PAID[1..], paid);
    env.add_filter(&KEPT[1..], kept);
    env.add_filter(&COUNTED[1..], counted);
}

/// Pays for so many bytes.
pub(super) fn pay(state: &State<'_, '_>, bytes: usize) -> Result<(), Error> {
    match bytes / BYTES_OF_FUEL {
        0 => Ok(()),
        fuel => state.consume_fuel(fuel as u64),
    }
}

fn held(state: &mut State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = listed(state, value)?;
    size(state, &value)?;
    Ok(value)
}

/// Pays for all that is in a value.
pub(super) fn paid(state: &mut State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = listed(state, value)?;
    let size = size(state, &value)?;
    pay(state, size.bytes)?;
    Ok(value)
}

fn kept(state: &mut State<'_, '_>, value: Value) -> Result<Value, Error> {
    // What holds itself is never freed, and has no end where it is written.
    if size(state, &value)?.may_change {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "a namespace keeps texts, numbers, lists and maps, and no `namespace`, `loop` or other object that changes",
        ));
    }
    Ok(value)
}

fn counted(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let count = value
        .as_str()
        .map_or_else(|| value.len(), |text| Some(text.len()));
    pay(state, count.unwrap_or_default())?;
    Ok(value)
}

/// A list of what a lazy value gives: a value that is looked at twice may be asked twice, and may hold others like it.
fn listed(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    if value.kind() != ValueKind::Iterable {
        return Ok(value);
    }
    let mut items = Vec::new();
    for item in value.try_iter()?.checked() {
        items.push(item?);
        if items.len() % ITEMS_OF_FUEL == 0 {
            state.consume_fuel(1)?;
        }
    }
    Ok(items.into())
}

/// How large a value is, with all that is in it: as often as it is in it.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) bytes: usize,
    pub(super) levels: usize,
    /// Whether it holds anything that is not what it was for ever.
    may_change: bool,
}

impl Size {
    /// The size of a value that has nothing in it but its text.
    fn of_text(value: &Value) -> Self {
        let text = value.as_str().map_or(0, str::len);
        Self {
            bytes: BYTES_OF_VALUE.saturating_add(text),
            ..Self::default()
        }
    }
}

/// The sizes of lists and maps that were counted in this rendering, by address. Nothing else gets the address of what is
/// remembered here.
#[derive(Default)]
struct Sizes(HashMap<usize, (Size, Box<dyn Any + Send>)>);

/// How large a value is.
pub(super) fn size(state: &mut State<'_, '_>, value: &Value) -> Result<Size, Error> {
    if value.as_object().is_none() {
        return Ok(Size::of_text(value));
    }
    let fuel = state.fuel_levels().map_or(FUEL, |(_, left)| left);
    let mut counter = Counter {
        sizes: state.get_or_insert_extension_with(Sizes::default),
        counted: 0,
        limit: usize::try_from(fuel).unwrap_or(usize::MAX) * BYTES_OF_FUEL,
    };
    let size = counter.size(value, 0)?;
    let counted = counter.counted;
    pay(state, counted)?;
    Ok(size)
}

struct Counter<'s> {
    sizes: &'s mut Sizes,
    counted: usize,
    limit: usize,
}

impl Counter<'_> {
    /// The size of a value inside so many others.
    fn size(&mut self, value: &Value, depth: usize) -> Result<Size, Error> {
        let mut size = Size::of_text(value);
        let Some(object) = value.as_object() else {
            return Ok(size);
        };
        let address = address(value);
        if let Some((size, _)) = address.and_then(|address| self.sizes.0.get(&address)) {
            return within_levels(*size, depth);
        }
        self.counted += BYTES_OF_VALUE;
        match value.kind() {
            ValueKind::Map if is_loop(object) => size.may_change = true,
            ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => {
                within_levels(size, depth + 1)?;
                size.may_change = is_namespace(object);
                size.levels = 1;
                self.parts(&mut size, value, depth)?;
            }
            ValueKind::Plain => size.may_change = object.downcast_ref::<FailMarker>().is_none(),
            _ => {}
        }
        if let Some(address) = address
            && let Some(guard) = guard(value)
        {
            self.sizes.0.insert(address, (size, guard));
        }
        Ok(size)
    }

    /// Takes up all that is in a list or map. Those of the engine's own kinds are walked in place.
    fn parts(&mut self, size: &mut Size, value: &Value, depth: usize) -> Result<(), Error> {
        if let Some(items) = value.downcast_object_ref::<Vec<Value>>() {
            let mut items = items.iter();
            return items.try_for_each(|item| self.part(size, item, depth));
        }
        if let Some(map) = value.downcast_object_ref::<BTreeMap<Value, Value>>() {
            let mut parts = map.iter().flat_map(|(key, value)| [value, key]);
            return parts.try_for_each(|part| self.part(size, part, depth));
        }
        for part in value.try_iter()? {
            if value.kind() == ValueKind::Map
                && let Ok(value) = value.get_item(&part)
            {
                self.part(size, &value, depth)?;
            }
            self.part(size, &part, depth)?;
        }
        Ok(())
    }

    fn part(&mut self, size: &mut Size, part: &Value, depth: usize) -> Result<(), Error> {
        self.counted += BYTES_OF_VALUE;
        if self.counted > self.limit {
            return Err(ErrorKind::OutOfFuel.into());
        }
        let inner = self.size(part, depth + 1)?;
        size.bytes = size.bytes.saturating_add(inner.bytes);
        size.levels = size.levels.max(inner.levels + 1);
        size.may_change |= inner.may_change;
        Ok(())
    }
}

/// A size, unless the value is too deep inside so many others.
fn within_levels(size: Size, depth: usize) -> Result<Size, Error> {
    if size.levels + depth > LEVELS {
        let message =
            format!("lists and maps are nested too deeply: {LEVELS} levels are the limit");
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    Ok(size)
}

/// The address of a list or map that never changes.
fn address(value: &Value) -> Option<usize> {
    fn of<T: 'static>(value: &Value) -> Option<usize> {
        value
            .downcast_object_ref::<T>()
            .map(|object| std::ptr::from_ref(object) as usize)
    }
    of::<Vec<Value>>(value)
        .or_else(|| of::<BTreeMap<Value, Value>>(value))
        .or_else(|| of::<Tuple>(value))
}

/// What keeps that address from being given to another list or map.
fn guard(value: &Value) -> Option<Box<dyn Any + Send>> {
    fn of<T: Send + Sync + 'static>(value: &Value) -> Option<Box<dyn Any + Send>> {
        let object = value.downcast_object::<T>()?;
        Some(Box::new(Arc::downgrade(&object)))
    }
    of::<Vec<Value>>(value)
        .or_else(|| of::<BTreeMap<Value, Value>>(value))
        .or_else(|| of::<Tuple>(value))
}

fn is_namespace(object: &DynObject) -> bool {
    object.type_name().ends_with("::Namespace")
}

fn is_loop(object: &DynObject) -> bool {
    object.type_name().ends_with("::Loop")
}
