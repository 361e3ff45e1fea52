//! A node as plain JSON.

use serde_json::{Map, Number, Value};

use crate::yaml::{Node, NodeKind};

/// The value of `node`, without positions. Of a key that is given twice the last one counts.
pub fn value(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(b) => Value::Bool(*b),
        NodeKind::Int(n) => Value::from(*n),
        NodeKind::UInt(n) => Value::from(*n),
        NodeKind::Float(n) => n.as_str().parse::<Number>().map_or(Value::Null, Value::Number),
        NodeKind::Text(text) => Value::String(text.clone()),
        NodeKind::Seq(items) => Value::Array(items.iter().map(value).collect()),
        NodeKind::Map(entries) => {
            let mut object = Map::new();
            for entry in entries {
                object.insert(entry.key.clone(), value(&entry.value));
            }
            Value::Object(object)
        }
    }
}
