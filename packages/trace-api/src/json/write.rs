//! The writer: serde_json's compact form, byte for byte.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::Error;

const HEX: &[u8; 16] = b"0123456789abcdef";
/// Digits of the greatest number of 64 bits.
const MAX_DIGITS: usize = 20;

#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    #[inline(never)]
    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    #[inline(never)]
    fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    #[inline(never)]
    fn string(&mut self, text: &str) {
        self.byte(b'"');
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)) {
            self.raw(&rest[..at]);
            self.escape(rest[at]);
            rest = &rest[at + 1..];
        }
        self.raw(rest);
        self.byte(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            _ => {
                let digit = |half: u8| HEX[usize::from(half)];
                return self.raw(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
        };
        self.raw(&[b'\\', short]);
    }

    #[inline(never)]
    fn number(&mut self, mut value: u64) {
        let mut digits = [0; MAX_DIGITS];
        let mut at = MAX_DIGITS;
        loop {
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        self.raw(&digits[at..]);
    }

    #[inline(never)]
    fn signed(&mut self, value: i64) {
        if value < 0 {
            self.byte(b'-');
        }
        self.number(value.unsigned_abs());
    }

    /// The comma before an entry that is not the first. A byte that opens stands before the first alone: a text or
    /// number never ends with one.
    #[inline(never)]
    fn next(&mut self) {
        if !matches!(self.bytes.last(), Some(b'{' | b'[')) {
            self.byte(b',');
        }
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.next();
        self.string(name);
        self.byte(b':');
    }

    /// A variant that holds something: its object is open behind this.
    #[inline(never)]
    fn variant(&mut self, name: &str, open: &[u8]) {
        self.byte(b'{');
        self.string(name);
        self.byte(b':');
        self.raw(open);
    }
}

#[cold]
#[inline(never)]
fn unsupported() -> Error {
    Error::because("a type that this writer does not know")
}

macro_rules! numbers {
    ($($method:ident $type:ty, $write:ident $wide:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<(), Error> {
            self.$write(<$wide>::from(value));
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    numbers! {
        serialize_u8 u8, number u64,
        serialize_u16 u16, number u64,
        serialize_u32 u32, number u64,
        serialize_u64 u64, number u64,
        serialize_i8 i8, signed i64,
        serialize_i16 i16, signed i64,
        serialize_i32 i32, signed i64,
        serialize_i64 i64, signed i64,
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.raw(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, _value: f32) -> Result<(), Error> {
        Err(unsupported())
    }

    fn serialize_f64(self, _value: f64) -> Result<(), Error> {
        Err(unsupported())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.string(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<(), Error> {
        Err(unsupported())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.raw(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant, b"");
        value.serialize(&mut *self)?;
        self.byte(b'}');
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Open<'a>, Error> {
        self.byte(b'[');
        Ok(Open { to: self, close: b"]" })
    }

    fn serialize_tuple(self, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Open<'a>, Error> {
        self.variant(variant, b"[");
        Ok(Open { to: self, close: b"]}" })
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Open<'a>, Error> {
        self.byte(b'{');
        Ok(Open { to: self, close: b"}" })
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Open<'a>, Error> {
        self.variant(variant, b"{");
        Ok(Open { to: self, close: b"}}" })
    }
}

/// An object or array that is being written.
pub(super) struct Open<'a> {
    to: &'a mut Writer,
    close: &'static [u8],
}

impl Open<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.to.next();
        value.serialize(&mut *self.to)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.to.name(name);
        value.serialize(&mut *self.to)
    }

    fn close(self) -> Result<(), Error> {
        self.to.raw(self.close);
        Ok(())
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident,)*) => {
        $(impl $trait for Open<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

macro_rules! structs {
    ($($trait:ident)*) => {
        $(impl $trait for Open<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

lists! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}
structs! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.to.next();
        let start = self.to.bytes.len();
        key.serialize(&mut *self.to)?;
        match self.to.bytes.get(start) {
            Some(b'"') => Ok(()),
            _ => Err(Error::because("a key is a text")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.to.byte(b':');
        value.serialize(&mut *self.to)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}
