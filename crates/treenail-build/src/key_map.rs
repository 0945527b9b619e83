//! A map that costs rustc little: its tree leads to places in a vector, so the maps of all kinds of values share the code of one
//! tree for each kind of keys.

use std::borrow::Borrow;
use std::collections::BTreeMap;

/// Values by their keys, sorted by these.
#[derive(Debug, Clone)]
pub(crate) struct KeyMap<K, V> {
    places: BTreeMap<K, usize>,
    values: Vec<Option<V>>,
}

impl<K: Ord, V> KeyMap<K, V> {
    /// A map without values.
    pub(crate) fn new() -> Self {
        Self {
            places: BTreeMap::new(),
            values: Vec::new(),
        }
    }

    /// The place of a key, where its value is or may be put.
    pub(crate) fn entry(&mut self, key: K) -> &mut Option<V> {
        let next = self.values.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.values.push(None);
        }
        &mut self.values[place]
    }

    /// Gives a key a value, in the place of the one that it had.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        *self.entry(key) = Some(value);
    }

    /// The value of a key.
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values[*self.places.get(key)?].as_ref()
    }

    /// Whether a key has a value.
    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// All values, each with its key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> + Clone {
        let all = self.places.iter();
        all.filter_map(|(key, place)| Some((key, self.values[*place].as_ref()?)))
    }

    /// All keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> Default for KeyMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for KeyMap<K, V> {
    fn from_iter<A: IntoIterator<Item = (K, V)>>(all: A) -> Self {
        let mut map = Self::new();
        for (key, value) in all {
            map.insert(key, value);
        }
        map
    }
}
