//! Services and the endpoints behind them.

use crate::order::SortedMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::wire::{Wire, wire};
use super::{ObjectMeta, Opaque};

/// A Service.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Service {
    pub metadata: Arc<ObjectMeta>,
    pub spec: ServiceSpec,
}

wire!(Service {
    metadata: "metadata" always,
    spec: "spec" always,
});

#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ServiceSpec {
    pub ports: Vec<ServicePort>,
    pub selector: SortedMap<String, String>,
    pub cluster_ip: String,
    pub kind: String,
    pub session_affinity: String,
    pub publish_not_ready_addresses: bool,
    pub rest: SortedMap<String, Opaque>,
}

wire!(ServiceSpec {
    ports: "ports",
    selector: "selector",
    cluster_ip: "clusterIP",
    kind: "type",
    session_affinity: "sessionAffinity",
    publish_not_ready_addresses: "publishNotReadyAddresses",
    rest: "rest" flat,
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ServicePort {
    pub name: String,
    pub protocol: String,
    pub port: i32,
    pub target_port: Option<IntOrString>,
    pub node_port: Option<i32>,
    pub app_protocol: Option<String>,
}

wire!(ServicePort {
    name: "name",
    protocol: "protocol",
    port: "port" always,
    target_port: "targetPort",
    node_port: "nodePort",
    app_protocol: "appProtocol",
});

/// A number or a name: a port.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum IntOrString {
    Int(i32),
    String(String),
}

impl Wire for IntOrString {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        match from {
            Value::Null => {}
            Value::String(name) => *self = Self::String(name.clone()),
            Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                let mut n = 0;
                n.read(from)?;
                *self = Self::Int(n);
            }
        }
        Ok(())
    }

    fn write(&self) -> Value {
        match self {
            Self::Int(n) => (*n).into(),
            Self::String(name) => name.as_str().into(),
        }
    }
}

impl Default for IntOrString {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(n) => write!(f, "{n}"),
            Self::String(s) => f.write_str(s),
        }
    }
}

/// Which pods stand behind a Service, from its EndpointSlices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndpointSlice {
    /// The Service.
    pub service: String,
    /// Its namespace.
    pub namespace: String,
    /// The slice's own generated name.
    pub name: String,
    /// The pods, by name.
    pub endpoints: Vec<Endpoint>,
}

/// One pod behind a Service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// The pod's name.
    pub pod: String,
    /// Its address.
    pub ip: String,
    /// Gets traffic: serving and not terminating.
    pub ready: bool,
    /// Its Ready condition.
    pub serving: bool,
    /// Whether deletion has begun.
    pub terminating: bool,
}
