//! Lifecycle hooks and the actions that hooks and probes share. (pkg/kubelet/lifecycle/handlers.go)

use std::borrow::Cow;
use std::sync::Arc;

use super::worker::ExecPurpose;
use crate::api::{Handler, HttpGetAction};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::program::{Connect, HttpReply};
use crate::sim::runtime;
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{Change, HookKind, ObjectId, Rule, Subject};

pub(crate) static HOOK: Rule = Rule {
    id: "kubelet/lifecycle-hook",
    says: "postStart runs beside the container's own process and holds the pod's sync until it ends. preStop runs before the stop signal and counts against the grace period.",
    source: "pkg/kubelet/lifecycle/handlers.go: Run",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&HOOK]
}

/// What became of a hook that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HookRun {
    /// There is none.
    None,
    /// Its program runs; its end is told.
    Runs,
    /// It takes this long.
    Waits(SimDuration),
    /// It is over already.
    Over(Result<(), String>),
}

/// Begins a hook of a container.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, slot: usize, hook: HookKind, ctx: &mut Ctx) -> HookRun {
    let Some(container) = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)) else { return HookRun::None };
    let lifecycle = container.spec.lifecycle.as_ref();
    let handler = lifecycle.and_then(|l| match hook {
        HookKind::PostStart => l.post_start.clone(),
        HookKind::PreStop => l.pre_stop.clone(),
    });
    let Some(handler) = handler else { return HookRun::None };
    let (at, field) = (container.at, container.field.field("lifecycle").field(hook.field()));
    let text: Arc<str> = describe(&handler).into();
    let record = ctx.record_field(Subject::Container(at), Change::HookStarted { hook, text }, &HOOK, Some(field.clone()));
    ctx.cause = crate::trace::Cause::Record(record);
    run(cluster, (pod, slot), &handler, (hook, field), ctx)
}

fn run(
    cluster: &mut Cluster,
    (pod, slot): (ObjectId, usize),
    handler: &Handler,
    (kind, field): (HookKind, FieldPath),
    ctx: &mut Ctx,
) -> HookRun {
    if let Some(exec) = &handler.exec {
        let purpose = match kind {
            HookKind::PostStart => ExecPurpose::PostStart(slot),
            HookKind::PreStop => ExecPurpose::PreStop(slot),
        };
        let field = field.field("exec").field("command");
        return match runtime::exec(cluster, (pod, slot), &exec.command, (field, purpose), ctx) {
            Ok(()) => HookRun::Runs,
            Err(error) => HookRun::Over(Err(failure(cluster, (pod, slot), &exec.command, &error, ""))),
        };
    }
    if let Some(get) = &handler.http_get {
        // Any answer counts. (handlers.go: runHTTPHandler)
        return HookRun::Over(match http(cluster, pod, slot, get) {
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        });
    }
    if let Some(sleep) = &handler.sleep {
        return HookRun::Waits(SimDuration::from_secs(u64::try_from(sleep.seconds).unwrap_or_default()));
    }
    HookRun::Over(Err("Cannot run handler: invalid handler".into()))
}

/// The words for a program hook that failed. (handlers.go: Run; kuberuntime: startContainer)
pub(crate) fn failure(cluster: &Cluster, (pod, slot): (ObjectId, usize), command: &[String], error: &str, output: &str) -> String {
    let worker = cluster.kubelet.workers.get(&pod);
    let describe = worker.map(|w| w.plan.describe.clone()).unwrap_or_default();
    let name = worker.and_then(|w| w.plan.get(slot)).map(|c| c.name.clone()).unwrap_or_default();
    let joined = command.join(" ");
    format!("Exec lifecycle hook ([{joined}]) for Container \"{name}\" in Pod \"{describe}\" failed - error: {error}, message: {output:?}")
}

/// The end of a program hook, as a result.
pub(crate) fn exec_result(cluster: &Cluster, pod: ObjectId, slot: usize, hook: HookKind, end: (i32, &str)) -> Result<(), String> {
    let (code, output) = end;
    if code == 0 {
        return Ok(());
    }
    let lifecycle = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)).and_then(|c| c.spec.lifecycle.as_ref());
    let handler = match hook {
        HookKind::PostStart => lifecycle.and_then(|l| l.post_start.as_ref()),
        HookKind::PreStop => lifecycle.and_then(|l| l.pre_stop.as_ref()),
    };
    let command = handler.and_then(|h| h.exec.as_ref()).map(|e| e.command.clone()).unwrap_or_default();
    let error = format!("command '{}' exited with {code}: {output}", command.join(" "));
    Err(failure(cluster, (pod, slot), &command, &error, output))
}

/// Records the end of a hook.
pub(crate) fn ended(cluster: &Cluster, (pod, slot): (ObjectId, usize), hook: HookKind, result: &Result<(), String>, ctx: &mut Ctx) {
    let Some(container) = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)) else { return };
    let exists = container.spec.lifecycle.as_ref().is_some_and(|l| match hook {
        HookKind::PostStart => l.post_start.is_some(),
        HookKind::PreStop => l.pre_stop.is_some(),
    });
    if exists {
        let message = result.as_ref().err().map_or("", String::as_str).into();
        ctx.because(Subject::Container(container.at), Change::HookEnded { hook, ok: result.is_ok(), message }, &HOOK);
    }
}

/// A handler in a few words, for the timeline.
pub(crate) fn describe(handler: &Handler) -> String {
    if let Some(exec) = &handler.exec {
        return match exec.command.as_slice() {
            [shell, flag, script] if shell.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c') => script.clone(),
            other => other.join(" "),
        };
    }
    if let Some(get) = &handler.http_get {
        return format!("GET :{}{}", get.port, if get.path.is_empty() { "/" } else { &get.path });
    }
    if let Some(tcp) = &handler.tcp_socket {
        return format!("connect :{}", tcp.port);
    }
    if let Some(grpc) = &handler.grpc {
        return format!("grpc :{}", grpc.port);
    }
    handler.sleep.as_ref().map(|s| format!("sleep {}", s.seconds)).unwrap_or_default()
}

/// An HTTP GET from the node to a container's pod; the status code and body, or Go's transport error.
pub(crate) fn http(cluster: &Cluster, pod: ObjectId, slot: usize, get: &HttpGetAction) -> Result<(u16, String), String> {
    let worker = cluster.kubelet.workers.get(&pod);
    let port = worker.and_then(|w| w.plan.get(slot)).and_then(|c| c.port(&get.port));
    let Some(port) = port else { return Err(format!("couldn't find port: {}", get.port)) };
    let own = worker.and_then(|w| w.sandbox.as_ref()).map_or("", |s| &*s.ip);
    let host = if get.host.is_empty() { own } else { &get.host };
    let path = path_of(get);
    let failed = |what: &str| Err(failed_get(get, host, port, what));
    let mut reply = cluster.os.net.http_get(&cluster.os.files, host, port, &path);
    // A redirect within the host is followed. (pkg/probe/http/http.go: RedirectChecker)
    for _ in 0..10 {
        let HttpReply::Status { location: Some(path), .. } = &reply else { break };
        reply = cluster.os.net.http_get(&cluster.os.files, host, port, path);
    }
    match reply {
        HttpReply::Status { code, body, .. } => Ok((code, body)),
        HttpReply::Refused => failed(&format!("dial tcp {host}:{port}: connect: connection refused")),
        HttpReply::Timeout => failed(NO_ANSWER),
        HttpReply::NotHttp => failed("net/http: HTTP/1.x transport connection broken: malformed HTTP response"),
    }
}

/// Go's words for an answer that does not come in time.
pub(crate) const NO_ANSWER: &str = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";

/// Go's words for a GET that failed.
pub(crate) fn failed_get(get: &HttpGetAction, host: &str, port: u16, what: &str) -> String {
    let scheme = if get.scheme == "HTTPS" { "https" } else { "http" };
    format!("Get \"{scheme}://{host}:{port}{}\": {what}", path_of(get))
}

fn path_of(get: &HttpGetAction) -> Cow<'_, str> {
    if get.path.starts_with('/') { get.path.as_str().into() } else { format!("/{}", get.path).into() }
}

/// A TCP connection from the node; nothing, or Go's error.
pub(crate) fn connect(cluster: &Cluster, host: &str, port: u16) -> Result<(), String> {
    match cluster.os.net.connect(host, port) {
        Connect::Open => Ok(()),
        Connect::Refused => Err(format!("dial tcp {host}:{port}: connect: connection refused")),
        Connect::Unreachable => Err(format!("dial tcp {host}:{port}: i/o timeout")),
    }
}
