//! Vectors, maps and sets whose indices have a type of their own, so that the index of one thing is never used for another.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

/// An index into one kind of vector.
pub(crate) trait Ix: Copy + Ord + std::fmt::Display {
    /// The index of the element at this place.
    fn new(place: usize) -> Self;
    /// The place that it means.
    fn place(self) -> usize;
}

/// Declares types of indices.
macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(usize);

        impl $crate::index::Ix for $name {
            fn new(place: usize) -> Self {
                Self(place)
            }

            fn place(self) -> usize {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

pub(crate) use index_types;

/// A vector that is indexed by `I` alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct IndexVec<I, T> {
    elements: Vec<T>,
    index: PhantomData<I>,
}

impl<I: Ix, T> IndexVec<I, T> {
    /// A vector without elements.
    pub(crate) fn new() -> Self {
        Self::from(Vec::new())
    }

    /// One value for every index of another vector.
    pub(crate) fn filled<U>(value: T, like: &IndexVec<I, U>) -> Self
    where
        T: Clone,
    {
        Self::from(vec![value; like.len()])
    }

    /// Adds an element, and returns its index.
    pub(crate) fn push(&mut self, element: T) -> I {
        self.elements.push(element);
        I::new(self.elements.len() - 1)
    }

    /// All indices.
    pub(crate) fn indices(&self) -> impl Iterator<Item = I> + Clone + use<I, T> {
        (0..self.elements.len()).map(I::new)
    }

    /// All elements by value, each with its index.
    pub(crate) fn into_indexed(self) -> impl Iterator<Item = (I, T)> {
        let numbered = self.elements.into_iter().enumerate();
        numbered.map(|(place, element)| (I::new(place), element))
    }

    /// All elements, each with its index.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (I, &T)> + Clone {
        let numbered = self.elements.iter().enumerate();
        numbered.map(|(place, element)| (I::new(place), element))
    }
}

impl<I, T> From<Vec<T>> for IndexVec<I, T> {
    fn from(elements: Vec<T>) -> Self {
        Self {
            elements,
            index: PhantomData,
        }
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(elements: A) -> Self {
        Self::from(elements.into_iter().collect::<Vec<T>>())
    }
}

impl<I, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.into_iter()
    }
}

impl<'v, I, T> IntoIterator for &'v IndexVec<I, T> {
    type Item = &'v T;
    type IntoIter = std::slice::Iter<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl<'v, I, T> IntoIterator for &'v mut IndexVec<I, T> {
    type Item = &'v mut T;
    type IntoIter = std::slice::IterMut<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter_mut()
    }
}

impl<I, T> Deref for IndexVec<I, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.elements
    }
}

impl<I, T> DerefMut for IndexVec<I, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.elements
    }
}

impl<I: Ix, T> Index<I> for IndexVec<I, T> {
    type Output = T;

    fn index(&self, index: I) -> &T {
        &self.elements[index.place()]
    }
}

impl<I: Ix, T> IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.elements[index.place()]
    }
}

/// A map from indices, sorted by them. It has a place for every index up to the largest, so it is for maps that have a value for
/// many of a vector's indices, or of which there is only one.
#[derive(Debug, Clone)]
pub(crate) struct IndexMap<I, V> {
    values: IndexVec<I, Option<V>>,
}

impl<I: Ix, V> IndexMap<I, V> {
    /// A map without values.
    pub(crate) fn new() -> Self {
        Self {
            values: IndexVec::new(),
        }
    }

    /// The value of an index.
    pub(crate) fn get(&self, index: I) -> Option<&V> {
        self.values.get(index.place())?.as_ref()
    }

    /// Whether an index has a value.
    pub(crate) fn contains_key(&self, index: I) -> bool {
        self.get(index).is_some()
    }

    /// The place of an index, where its value is or may be put.
    pub(crate) fn entry(&mut self, index: I) -> &mut Option<V> {
        let all = &mut self.values.elements;
        while all.len() <= index.place() {
            all.push(None);
        }
        &mut all[index.place()]
    }

    /// Gives an index a value, and returns the one that it had.
    pub(crate) fn insert(&mut self, index: I, value: V) -> Option<V> {
        self.entry(index).replace(value)
    }

    /// All values, each with its index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &V)> + Clone {
        let all = self.values.indexed();
        all.filter_map(|(index, value)| Some((index, value.as_ref()?)))
    }

    /// All indices that have a value.
    pub(crate) fn keys(&self) -> impl Iterator<Item = I> + Clone {
        self.iter().map(|(index, _)| index)
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.values.iter().flatten()
    }
}

impl<I: Ix, V> FromIterator<(I, V)> for IndexMap<I, V> {
    fn from_iter<A: IntoIterator<Item = (I, V)>>(all: A) -> Self {
        let mut map = Self::new();
        for (index, value) in all {
            map.insert(index, value);
        }
        map
    }
}

impl<I: Ix, V> Index<I> for IndexMap<I, V> {
    type Output = V;

    fn index(&self, index: I) -> &V {
        self.get(index).expect("an index that has a value")
    }
}

/// A set of indices, sorted. Its tree is one of numbers, so that the sets of all kinds of indices share its code.
#[derive(Debug, Clone)]
pub(crate) struct IndexSet<I> {
    places: BTreeSet<usize>,
    index: PhantomData<I>,
}

impl<I: Ix> IndexSet<I> {
    /// A set without indices.
    pub(crate) fn new() -> Self {
        Self {
            places: BTreeSet::new(),
            index: PhantomData,
        }
    }

    /// Adds an index; says whether it is new.
    pub(crate) fn insert(&mut self, index: I) -> bool {
        self.places.insert(index.place())
    }

    /// Takes an index out.
    pub(crate) fn remove(&mut self, index: I) {
        self.places.remove(&index.place());
    }

    /// Whether an index is in the set.
    pub(crate) fn contains(&self, index: I) -> bool {
        self.places.contains(&index.place())
    }

    /// Whether there is no index in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many indices there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// All indices.
    pub(crate) fn iter(&self) -> impl Iterator<Item = I> + Clone {
        self.places.iter().map(|place| I::new(*place))
    }
}

impl<I: Ix> Extend<I> for IndexSet<I> {
    fn extend<A: IntoIterator<Item = I>>(&mut self, all: A) {
        for index in all {
            self.insert(index);
        }
    }
}

impl<I: Ix> FromIterator<I> for IndexSet<I> {
    fn from_iter<A: IntoIterator<Item = I>>(all: A) -> Self {
        let mut set = Self::new();
        set.extend(all);
        set
    }
}
