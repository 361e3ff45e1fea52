//! Probes and lifecycle hooks.

use super::IntOrString;
use super::wire::wire;

/// What a probe or hook does; validation makes sure that exactly one is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Handler {
    pub exec: Option<ExecAction>,
    pub http_get: Option<HttpGetAction>,
    pub tcp_socket: Option<TcpSocketAction>,
    pub grpc: Option<GrpcAction>,
    pub sleep: Option<SleepAction>,
}

wire!(Handler { exec: "exec", http_get: "httpGet", tcp_socket: "tcpSocket", grpc: "grpc", sleep: "sleep" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ExecAction {
    pub command: Vec<String>,
}

wire!(ExecAction { command: "command" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct HttpGetAction {
    pub path: String,
    pub port: IntOrString,
    pub host: String,
    pub scheme: String,
    pub http_headers: Vec<HttpHeader>,
}

wire!(HttpGetAction {
    path: "path",
    port: "port" always,
    host: "host",
    scheme: "scheme",
    http_headers: "httpHeaders",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct HttpHeader {
    pub name: String,
    pub value: String,
}

wire!(HttpHeader {
    name: "name" always,
    value: "value" always,
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct TcpSocketAction {
    pub port: IntOrString,
    pub host: String,
}

wire!(TcpSocketAction {
    port: "port" always,
    host: "host",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct GrpcAction {
    pub port: i32,
    pub service: Option<String>,
}

wire!(GrpcAction {
    port: "port" always,
    service: "service" always,
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct SleepAction {
    pub seconds: i64,
}

wire!(SleepAction {
    seconds: "seconds" always,
});

/// A startup, readiness or liveness probe. Seconds throughout; 0 stands for "unset" as in Go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Probe {
    pub handler: Handler,
    pub initial_delay_seconds: i32,
    pub timeout_seconds: i32,
    pub period_seconds: i32,
    pub success_threshold: i32,
    pub failure_threshold: i32,
    pub termination_grace_period_seconds: Option<i64>,
}

wire!(Probe {
    handler: "handler" flat,
    initial_delay_seconds: "initialDelaySeconds",
    timeout_seconds: "timeoutSeconds",
    period_seconds: "periodSeconds",
    success_threshold: "successThreshold",
    failure_threshold: "failureThreshold",
    termination_grace_period_seconds: "terminationGracePeriodSeconds",
});

/// Hooks around a container's life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Lifecycle {
    pub post_start: Option<Handler>,
    pub pre_stop: Option<Handler>,
    pub stop_signal: Option<String>,
}

wire!(Lifecycle { post_start: "postStart", pre_stop: "preStop", stop_signal: "stopSignal" });
