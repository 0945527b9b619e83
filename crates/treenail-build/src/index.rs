//! Vectors whose indices have a type of their own, so that the index of one thing is never used for another.

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
        self.indices().zip(self.elements)
    }

    /// All elements, each with its index.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (I, &T)> + Clone {
        self.indices().zip(&self.elements)
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
