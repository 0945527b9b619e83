//! Reads a configuration, and watches: every value that is read, every key and every error passes by [`Notes`].

use std::fmt;

use serde::Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::fields::{Misfit, Notes, PathStep};

/// Reads a configuration. Fields that nobody reads are refused, all at once.
pub(super) fn read<C: DeserializeOwned>(
    config: &mut dyn erased_serde::Deserializer<'_>,
) -> Result<C, Misfit> {
    let notes = Notes::default();
    let read = C::deserialize(Watched::new(config, &notes));
    let read = read.map_err(|error| notes.refused(error));
    notes.outcome(read)
}

/// What something is read with, or what reads it, and whom it passes by.
struct Watched<'n, T> {
    inner: T,
    notes: &'n Notes,
}

impl<'n, T> Watched<'n, T> {
    fn new(inner: T, notes: &'n Notes) -> Self {
        Self { inner, notes }
    }
}

/// Methods that read a value, with what they are told beside who reads it.
macro_rules! readers {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            let visitor = Watched::new(visitor, self.notes);
            let read = self.inner.$method($($arg,)* visitor);
            read.map_err(|error| self.notes.failed(error))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    readers! {
        deserialize_any()
        deserialize_bool()
        deserialize_i8()
        deserialize_i16()
        deserialize_i32()
        deserialize_i64()
        deserialize_i128()
        deserialize_u8()
        deserialize_u16()
        deserialize_u32()
        deserialize_u64()
        deserialize_u128()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_option()
        deserialize_unit()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_seq()
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_identifier()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.notes.ignored();
        let read = self.inner.deserialize_ignored_any(visitor);
        read.map_err(|error| self.notes.failed(error))
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Methods that are handed a scalar.
macro_rules! scalars {
    ($($method:ident($ty:ty))*) => {$(
        fn $method<E: serde::de::Error>(self, value: $ty) -> Result<V::Value, E> {
            self.notes.scalar(&value);
            self.inner.$method(value).map_err(|error| self.notes.refused(error))
        }
    )*};
}

/// Methods that are handed what cannot be a key.
macro_rules! others {
    ($($method:ident($($value:ident: $ty:ty)?))*) => {$(
        fn $method<E: serde::de::Error>(self, $($value: $ty)?) -> Result<V::Value, E> {
            self.inner.$method($($value)?).map_err(|error| self.notes.refused(error))
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    scalars! {
        visit_bool(bool)
        visit_i8(i8)
        visit_i16(i16)
        visit_i32(i32)
        visit_i64(i64)
        visit_i128(i128)
        visit_u8(u8)
        visit_u16(u16)
        visit_u32(u32)
        visit_u64(u64)
        visit_u128(u128)
        visit_f32(f32)
        visit_f64(f64)
        visit_char(char)
        visit_str(&str)
        visit_borrowed_str(&'de str)
        visit_string(String)
    }

    others! {
        visit_bytes(value: &[u8])
        visit_borrowed_bytes(value: &'de [u8])
        visit_byte_buf(value: Vec<u8>)
        visit_none()
        visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let read = self.inner.visit_some(Watched::new(inner, self.notes));
        read.map_err(|error| self.notes.refused(error))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let inner = Watched::new(inner, self.notes);
        let read = self.inner.visit_newtype_struct(inner);
        read.map_err(|error| self.notes.refused(error))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let notes = self.notes;
        let elements = Elements {
            inner,
            notes,
            next: 0,
        };
        let read = self.inner.visit_seq(elements);
        read.map_err(|error| notes.refused(error))
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let notes = self.notes;
        let fields = Fields {
            inner,
            notes,
            key: String::new(),
        };
        let read = self.inner.visit_map(fields);
        read.map_err(|error| notes.refused(error))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let read = self.inner.visit_enum(Watched::new(inner, self.notes));
        read.map_err(|error| self.notes.refused(error))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Watched<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let read = self.inner.deserialize(Watched::new(inner, self.notes));
        read.map_err(|error| self.notes.refused(error))
    }
}

/// The elements of a list.
struct Elements<'n, A> {
    inner: A,
    notes: &'n Notes,
    next: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let (step, seed) = (PathStep::Index(self.next), Watched::new(seed, self.notes));
        self.next += 1;
        let inner = &mut self.inner;
        self.notes.within(step, || inner.next_element_seed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The fields of a struct, or what stands in a map.
struct Fields<'n, A> {
    inner: A,
    notes: &'n Notes,
    key: String,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let (inner, seed) = (&mut self.inner, Watched::new(seed, self.notes));
        let read;
        (read, self.key) = self.notes.key(|| inner.next_key_seed(seed));
        read.map_err(|error| self.notes.failed(error))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let step = PathStep::Name(std::mem::take(&mut self.key));
        let (inner, seed) = (&mut self.inner, Watched::new(seed, self.notes));
        self.notes.within(step, || inner.next_value_seed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'n, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Watched<'n, A> {
    type Error = A::Error;
    type Variant = Variant<'n, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let Self { inner, notes } = self;
        let (read, name) = notes.key(|| inner.variant_seed(Watched::new(seed, notes)));
        let (value, inner) = read.map_err(|error| notes.failed(error))?;
        Ok((value, Variant { inner, notes, name }))
    }
}

/// What stands in a variant.
struct Variant<'n, A> {
    inner: A,
    notes: &'n Notes,
    name: String,
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Variant<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        let read = self.inner.unit_variant();
        read.map_err(|error| self.notes.failed(error))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let Self { inner, notes, name } = self;
        let seed = Watched::new(seed, notes);
        notes.within(PathStep::Name(name), || inner.newtype_variant_seed(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        let Self { inner, notes, name } = self;
        let visitor = Watched::new(visitor, notes);
        notes.within(PathStep::Name(name), || inner.tuple_variant(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let Self { inner, notes, name } = self;
        let visitor = Watched::new(visitor, notes);
        notes.within(PathStep::Name(name), || {
            inner.struct_variant(fields, visitor)
        })
    }
}
