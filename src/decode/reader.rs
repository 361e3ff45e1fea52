//! Any type with `serde::Deserialize` from a node, with places: for course items and other own documents.
//!
//! Unknown and repeated fields are all collected; the first wrong type ends the reading. Left out: byte strings, 128-bit numbers.

use crate::order::SortedMap;
use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::similar;
use crate::text::{Diagnostic, Parsed, Span};
use crate::yaml::{Entry, Node, NodeKind};

/// Reads `node` as a `T`; the first finding is the error.
///
/// # Errors
/// What is unknown, repeated or of the wrong type, with its place.
pub fn from_node<'de, T: de::Deserialize<'de>>(node: &'de Node) -> Result<T, Diagnostic> {
    let parsed = read(node);
    match (parsed.value, parsed.diagnostics.into_iter().next()) {
        (Some(value), None) => Ok(value),
        (_, Some(found)) => Err(found),
        (None, None) => Err(Diagnostic::error("decode/value", node.span, "this cannot be read")),
    }
}

/// Reads `node` as a `T` with all findings; nothing if a type is wrong.
pub fn read<'de, T: de::Deserialize<'de>>(node: &'de Node) -> Parsed<Option<T>> {
    let notes = Notes::default();
    let result = T::deserialize(Reader { node, notes: &notes });
    let mut diagnostics = notes.0.take();
    let value = match result {
        Ok(value) => Some(value),
        Err(wrong) => {
            diagnostics.insert(0, Diagnostic::error("decode/value", wrong.span.unwrap_or(node.span), wrong.message));
            None
        }
    };
    Parsed { value, diagnostics }
}

/// How many findings of one document are kept.
const MAX_FINDINGS: usize = 100;

/// What was found on the way; shared by the readers of one document.
#[derive(Default)]
struct Notes(Cell<Vec<Diagnostic>>);

impl Notes {
    fn add(&self, found: Diagnostic) {
        let mut all = self.0.take();
        if all.len() < MAX_FINDINGS {
            all.push(found);
        }
        self.0.set(all);
    }
}

/// A wrong value and where, once that is known.
#[derive(Debug)]
struct Wrong {
    message: String,
    span: Option<Span>,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }

    fn invalid_type(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        let wanted = match wanted.to_string().as_str() {
            "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number".to_owned(),
            "a string" => "text".to_owned(),
            "a boolean" => "true or false".to_owned(),
            other => other.to_owned(),
        };
        Self::custom(format_args!("{wanted} is wanted here, not {}", word(found)))
    }

    fn invalid_value(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::invalid_type(found, wanted)
    }
}

/// What was found, in a word.
fn word(found: de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Bool(b) => b.to_string(),
        de::Unexpected::Unsigned(n) => n.to_string(),
        de::Unexpected::Signed(n) => n.to_string(),
        de::Unexpected::Str(text) => format!("`{text}`"),
        de::Unexpected::Unit | de::Unexpected::Option => "nothing".into(),
        de::Unexpected::Seq => "a list".into(),
        de::Unexpected::Map => "a mapping".into(),
        de::Unexpected::Float(_)
        | de::Unexpected::Char(_)
        | de::Unexpected::Bytes(_)
        | de::Unexpected::NewtypeStruct
        | de::Unexpected::Enum
        | de::Unexpected::UnitVariant
        | de::Unexpected::NewtypeVariant
        | de::Unexpected::TupleVariant
        | de::Unexpected::StructVariant
        | de::Unexpected::Other(_) => "this".into(),
    }
}

impl Wrong {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

/// Where each key stands last.
fn last_spans(entries: &[Entry]) -> SortedMap<&str, Span> {
    entries.iter().map(|e| (e.key.as_str(), e.key_span)).collect()
}

#[derive(Clone, Copy)]
struct Reader<'de, 'n> {
    node: &'de Node,
    notes: &'n Notes,
}

/// The methods for whole numbers, which are all alike.
macro_rules! whole_numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let read = if let NodeKind::Int(n) = self.node.kind {
                visitor.visit_i64(n)
            } else if let NodeKind::UInt(n) = self.node.kind {
                visitor.visit_u64(n)
            } else {
                return Err(self.unfit(&visitor));
            };
            read.map_err(|e: Wrong| e.at(self.node.span))
        })*
    };
}

impl<'de> Reader<'de, '_> {
    /// What stands here is not what is wanted.
    fn unfit(&self, wanted: &dyn de::Expected) -> Wrong {
        let found = match &self.node.kind {
            NodeKind::Null => de::Unexpected::Unit,
            NodeKind::Bool(b) => de::Unexpected::Bool(*b),
            NodeKind::Int(n) => de::Unexpected::Signed(*n),
            NodeKind::UInt(n) => de::Unexpected::Unsigned(*n),
            NodeKind::Float(n) => de::Unexpected::Str(n.as_str()),
            NodeKind::Text(text) => de::Unexpected::Str(text),
            NodeKind::Seq(_) => de::Unexpected::Seq,
            NodeKind::Map(_) => de::Unexpected::Map,
        };
        <Wrong as de::Error>::invalid_type(found, wanted).at(self.node.span)
    }

    fn list<V: Visitor<'de>>(self, items: &'de [Node], visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(Items { items: items.iter(), notes: self.notes }).map_err(|e| e.at(self.node.span))
    }

    fn map<V: Visitor<'de>>(self, entries: &'de [Entry], known: Option<&'static [&'static str]>, visitor: V) -> Result<V::Value, Wrong> {
        let last = last_spans(entries);
        let access = Fields { last, rest: entries.iter(), value: None, known, notes: self.notes };
        visitor.visit_map(access).map_err(|e| e.at(self.node.span))
    }
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let span = self.node.span;
        match &self.node.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Bool(b) => visitor.visit_bool(*b),
            NodeKind::Int(n) => visitor.visit_i64(*n),
            NodeKind::UInt(n) => visitor.visit_u64(*n),
            NodeKind::Float(n) => visitor.visit_borrowed_str(n.as_str()),
            NodeKind::Text(text) => visitor.visit_borrowed_str(text),
            NodeKind::Seq(items) => return self.list(items, visitor),
            NodeKind::Map(entries) => return self.map(entries, None, visitor),
        }
        .map_err(|e: Wrong| e.at(span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if matches!(self.node.kind, NodeKind::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        if let NodeKind::Map(entries) = &self.node.kind { self.map(entries, Some(fields), visitor) } else { Err(self.unfit(&visitor)) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let NodeKind::Map(entries) = &self.node.kind { self.map(entries, None, visitor) } else { Err(self.unfit(&visitor)) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let NodeKind::Seq(items) = &self.node.kind { self.list(items, visitor) } else { Err(self.unfit(&visitor)) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let NodeKind::Text(text) = &self.node.kind {
            visitor.visit_borrowed_str(text).map_err(|e: Wrong| e.at(self.node.span))
        } else {
            Err(self.unfit(&visitor))
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let NodeKind::Bool(b) = &self.node.kind { visitor.visit_bool(*b) } else { Err(self.unfit(&visitor)) }
    }

    whole_numbers! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let span = self.node.span;
        match (&self.node.kind, self.node.entries()) {
            (NodeKind::Text(text), _) => visitor.visit_enum(text.as_str().into_deserializer()),
            (_, [entry]) => visitor.visit_enum(Variant { entry, notes: self.notes }),
            _ => {
                let _ = name;
                Err(de::Error::custom(format!("{} stands where one of {} is wanted", self.node.word(), variants.join(", "))))
            }
        }
        .map_err(|e: Wrong| e.at(span))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Items<'de, 'n> {
    items: std::slice::Iter<'de, Node>,
    notes: &'n Notes,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Wrong;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        self.items.next().map(|node| seed.deserialize(Reader { node, notes: self.notes })).transpose()
    }
}

struct Fields<'de, 'n> {
    /// Where each key stands for the last time.
    last: SortedMap<&'de str, Span>,
    rest: std::slice::Iter<'de, Entry>,
    value: Option<&'de Node>,
    known: Option<&'static [&'static str]>,
    notes: &'n Notes,
}

impl<'de> Fields<'de, '_> {
    /// Whether a later entry has the same key.
    fn is_overridden(&self, entry: &Entry) -> bool {
        self.last.get(entry.key.as_str()).is_some_and(|last| last.start > entry.key_span.start)
    }

    /// The next entry that is not overridden by a later one and that the type has.
    fn next(&mut self) -> Option<&'de Entry> {
        loop {
            let entry = self.rest.next()?;
            if self.is_overridden(entry) {
                self.notes.add(
                    Diagnostic::error("decode/duplicate-field", entry.key_span, format!("`{}` is given twice", entry.key)).help("keep one"),
                );
                continue;
            }
            match self.known {
                Some(known) if !known.contains(&entry.key.as_str()) => self.notes.add(unknown(entry, known, &self.last)),
                Some(_) | None => return Some(entry),
            }
        }
    }
}

fn unknown(entry: &Entry, known: &'static [&'static str], given: &SortedMap<&str, Span>) -> Diagnostic {
    let free = known.iter().copied().filter(|k| !given.contains_key(k));
    let help =
        similar(&entry.key, free).map_or_else(|| format!("known here: {}", known.join(", ")), |name| format!("did you mean `{name}`?"));
    Diagnostic::error("decode/unknown-field", entry.key_span, format!("there is no field `{}` here", entry.key)).help(help)
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(entry) = self.next() else { return Ok(None) };
        self.value = Some(&entry.value);
        let key: de::value::BorrowedStrDeserializer<'de, Wrong> = de::value::BorrowedStrDeserializer::new(&entry.key);
        seed.deserialize(key).map(Some).map_err(|e| e.at(entry.key_span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let node = self.value.take().ok_or_else(|| de::Error::custom("a value without a key"))?;
        seed.deserialize(Reader { node, notes: self.notes }).map_err(|e| e.at(node.span))
    }
}

/// `variant: value`.
struct Variant<'de, 'n> {
    entry: &'de Entry,
    notes: &'n Notes,
}

impl<'de, 'n> de::EnumAccess<'de> for Variant<'de, 'n> {
    type Error = Wrong;
    type Variant = Reader<'de, 'n>;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Wrong> {
        let key: de::value::BorrowedStrDeserializer<'de, Wrong> = de::value::BorrowedStrDeserializer::new(&self.entry.key);
        let name = seed.deserialize(key).map_err(|e| e.at(self.entry.key_span))?;
        Ok((name, Reader { node: &self.entry.value, notes: self.notes }))
    }
}

impl<'de> de::VariantAccess<'de> for Reader<'de, '_> {
    type Error = Wrong;
    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_struct("", fields, visitor)
    }
}
