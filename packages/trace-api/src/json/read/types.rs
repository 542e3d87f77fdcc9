//! What serde's readers of types ask for. Compiled again for every type: each method is as thin as it can be.

use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{Place, Reader};
use crate::json::Error;

#[cold]
#[inline(never)]
fn unsupported() -> Error {
    Error::because("a type that this reader does not know")
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ident $read:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let value = self.$read($type::MAX as u64)?;
            visitor.$visit(value as $type)
        })*
    };
}

macro_rules! strings {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_str(self.string()?)
        })*
    };
}

macro_rules! unsupported {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
            Err(unsupported())
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    numbers! {
        deserialize_u8 visit_u8 u8 number,
        deserialize_u16 visit_u16 u16 number,
        deserialize_u32 visit_u32 u32 number,
        deserialize_u64 visit_u64 u64 number,
        deserialize_i8 visit_i8 i8 signed,
        deserialize_i16 visit_i16 i16 signed,
        deserialize_i32 visit_i32 i32 signed,
        deserialize_i64 visit_i64 i64 signed,
    }
    strings! { deserialize_str deserialize_string deserialize_identifier deserialize_char }
    unsupported! { deserialize_any deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.flag()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.null()? {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.open(b'[')?;
        let mut items = Items { reader: self, place: Place::Start };
        let value = visitor.visit_seq(&mut items)?;
        items.reader.close(&mut items.place, b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.open(b'{')?;
        let mut entries = Entries { reader: self, place: Place::Start };
        let value = visitor.visit_map(&mut entries)?;
        entries.reader.close(&mut entries.place, b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.open(b'{')?;
        let mut fields = Fields { reader: self, names, hint: 0, place: Place::Start };
        let value = visitor.visit_map(&mut fields)?;
        fields.reader.close(&mut fields.place, b'}')?;
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (index, holds) = self.variant(names)?;
        let value = visitor.visit_enum(Choice { reader: &mut *self, index, holds })?;
        if holds {
            let mut place = Place::Inside;
            self.close(&mut place, b'}')?;
        }
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// Entries of an array.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    place: Place,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        if self.reader.more(&mut self.place, b']')? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// Entries of an object whose keys are data.
struct Entries<'a, 'de> {
    reader: &'a mut Reader<'de>,
    place: Place,
}

impl<'de> MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        if self.reader.more(&mut self.place, b'}')? {
            // a key that is no text is no JSON
            if self.reader.peek() != b'"' {
                return Err(Error::because("a key is a text"));
            }
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// Fields of a struct.
struct Fields<'a, 'de> {
    reader: &'a mut Reader<'de>,
    names: &'static [&'static str],
    hint: usize,
    place: Place,
}

impl Fields<'_, '_> {
    /// The place of the next field and where its name stands.
    #[inline(never)]
    fn next(&mut self) -> Result<Option<(usize, usize)>, Error> {
        if !self.reader.more(&mut self.place, b'}')? {
            return Ok(None);
        }
        self.reader.peek();
        let start = self.reader.at;
        let index = self.reader.name(self.names, self.hint)?;
        self.hint = index + 1;
        Ok(Some((index, start)))
    }
}

impl<'de> MapAccess<'de> for &mut Fields<'_, 'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((index, start)) = self.next()? else {
            return Ok(None);
        };
        match seed.deserialize(Index(index as u64)) {
            Ok(field) => Ok(Some(field)),
            Err(Unknown) => Err(self.reader.unknown("unknown field", start)),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant by its place.
struct Choice<'a, 'de> {
    reader: &'a mut Reader<'de>,
    index: usize,
    holds: bool,
}

impl Choice<'_, '_> {
    #[inline(never)]
    fn held(&self) -> Result<(), Error> {
        if self.holds {
            return Ok(());
        }
        Err(Error::because("the variant lacks its content"))
    }
}

impl<'de> EnumAccess<'de> for Choice<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        match seed.deserialize(Index(self.index as u64)) {
            Ok(variant) => Ok((variant, self)),
            Err(Unknown) => Err(unsupported()),
        }
    }
}

impl<'de> VariantAccess<'de> for Choice<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.holds {
            return self.reader.word("null");
        }
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        self.held()?;
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Error> {
        self.held()?;
        self.reader.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.held()?;
        self.reader.deserialize_struct("", names, visitor)
    }
}

/// A field or variant by its place, which serde's own readers take like its name.
struct Index(u64);

impl<'de> Deserializer<'de> for Index {
    type Error = Unknown;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unknown> {
        visitor.visit_u64(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// No field or variant of this place. Holds nothing, so that nothing is printed for it.
#[derive(Debug)]
struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown")
    }
}

impl std::error::Error for Unknown {}

macro_rules! all_unknown {
    ($($method:ident($($name:ident: $type:ty),*))*) => {
        $(fn $method($($name: $type),*) -> Self {
            Self
        })*
    };
}

impl de::Error for Unknown {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }

    all_unknown! {
        invalid_type(_found: de::Unexpected<'_>, _expected: &dyn de::Expected)
        invalid_value(_found: de::Unexpected<'_>, _expected: &dyn de::Expected)
        unknown_field(_field: &str, _expected: &'static [&'static str])
        unknown_variant(_variant: &str, _expected: &'static [&'static str])
    }
}
