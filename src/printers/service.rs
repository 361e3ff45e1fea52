//! The row of a Service. (printers.go: printService)

use super::{labels, or_none};
use crate::api::Service;

/// TYPE, CLUSTER-IP, EXTERNAL-IP and PORT(S).
pub fn service_columns(service: &Service) -> [String; 4] {
    let spec = &service.spec;
    let external = match spec.kind.as_str() {
        "LoadBalancer" => "<pending>".into(),
        "ExternalName" => spec.rest.get("externalName").and_then(|v| v.as_str()).unwrap_or_default().to_owned(),
        _ => "<none>".into(),
    };
    let ports: Vec<String> = spec
        .ports
        .iter()
        .map(|p| match p.node_port {
            Some(node) if node > 0 => format!("{}:{node}/{}", p.port, p.protocol),
            Some(_) | None => format!("{}/{}", p.port, p.protocol),
        })
        .collect();
    [spec.kind.clone(), or_none(&spec.cluster_ip), external, or_none(&ports.join(","))]
}

/// SELECTOR, the column of `-o wide`.
pub fn service_selector(service: &Service) -> String {
    labels(&service.spec.selector)
}
