//! Commands on a small hand-made trace: a pod with a sidecar whose app has crashed once, behind a Service.

use std::sync::Arc;

use super::*;
use crate::api::{
    Container, ContainerState, ContainerStatus, Endpoint, EndpointSlice, Event, EventType, Kind, Object, ObjectKey, ObjectMeta, Phase, Pod,
    PodSpec, PodStatus, RestartPolicy, Service, ServicePort, ServiceSpec, StateRunning, StateTerminated, StateWaiting,
};
use crate::time::{SimTime, rfc3339};
use crate::trace::{Cause, Change, ContainerGroup, ContainerId, ContainerRef, NewRecord, ObjectId, Rule, Stream, Subject, Trace};

static RULE: Rule = Rule { id: "test", says: "", source: "" };

/// Writes records one after the other.
struct Script {
    trace: Trace,
    pod: ObjectId,
}

impl Script {
    fn at(&mut self, ms: u64, subject: Subject, change: Change) {
        let at = SimTime::from_ms(ms);
        self.trace.push(NewRecord { at, subject, change, cause: Cause::Manifest, rule: &RULE, field: None });
    }

    fn pod(&mut self, ms: u64, pod: &Pod) {
        let object = Object::Pod(Arc::new(pod.clone()));
        let change = if ms == 0 { Change::Created(object) } else { Change::Updated(object) };
        self.at(ms, Subject::Object(self.pod), change);
    }

    /// A run of the app that writes something.
    fn run(&mut self, ms: u64, id: u32, text: &str) {
        let subject = Subject::Container(ContainerRef { pod: self.pod, group: ContainerGroup::App, index: 0 });
        let id = ContainerId(id);
        self.at(ms, subject, Change::ContainerCreated(id));
        self.at(ms + 10, subject, Change::Output { id, stream: Stream::Stdout, text: text.into() });
    }

    fn event(&mut self, ms: u64, reason: &'static str, (first, count): (u64, u32)) {
        let event = Event {
            object: key(Kind::Pod).into(),
            field_path: "spec.containers{app}".into(),
            kind: EventType::Normal,
            reason,
            message: format!("Container {}", reason.to_ascii_lowercase()).into(),
            component: "kubelet",
            count,
            first_seen: SimTime::from_ms(first),
            last_seen: SimTime::from_ms(ms),
        };
        self.at(ms, Subject::Object(self.pod), Change::Event(Arc::new(event)));
    }
}

fn key(kind: Kind) -> ObjectKey {
    ObjectKey { kind, namespace: "default".into(), name: "shop".into() }
}

fn metadata() -> Arc<ObjectMeta> {
    let created = Some(rfc3339(SimTime::ZERO));
    Arc::new(ObjectMeta { name: "shop".into(), namespace: "default".into(), creation_timestamp: created, ..ObjectMeta::default() })
}

fn container(name: &str) -> Container {
    Container { name: name.into(), image: "busybox:1.36".into(), ..Container::default() }
}

fn ended(started: u64, finished: u64) -> StateTerminated {
    StateTerminated {
        exit_code: 2,
        reason: "Error".into(),
        started_at: Some(SimTime::from_ms(started)),
        finished_at: Some(SimTime::from_ms(finished)),
        container_id: "containerd://0".into(),
        ..StateTerminated::default()
    }
}

fn status(name: &'static str, state: ContainerState, last: Option<StateTerminated>, restarts: u32) -> ContainerStatus {
    let running = state.is_running();
    let last_state = last.map_or(ContainerState::Unset, |end| ContainerState::Terminated(end.into()));
    ContainerStatus {
        name: name.into(),
        state,
        last_state,
        ready: running,
        started: running,
        restart_count: restarts,
        ..Default::default()
    }
}

/// The pod with its app in a state.
fn shop(app: ContainerStatus) -> Pod {
    let sidecar = Container { restart_policy: Some(RestartPolicy::Always), ..container("proxy") };
    let spec = PodSpec {
        init_containers: vec![sidecar].into(),
        containers: vec![container("app")].into(),
        node_name: "node1".into(),
        ..PodSpec::default()
    };
    let started = StateRunning { started_at: SimTime::from_ms(3000) };
    let status = PodStatus {
        phase: Phase::Running,
        init_container_statuses: vec![status("proxy", ContainerState::Running(started), None, 0)],
        container_statuses: vec![app],
        ..PodStatus::default()
    };
    Pod { metadata: metadata(), spec: Arc::new(spec), status }
}

fn waiting(reason: &'static str) -> ContainerState {
    ContainerState::Waiting(StateWaiting { reason: reason.into(), ..StateWaiting::default() })
}

fn crashed_once() -> Trace {
    let mut trace = Trace::default();
    let pod = trace.add_object(key(Kind::Pod));
    let service = trace.add_object(key(Kind::Service));
    let mut script = Script { trace, pod };
    let ports = vec![ServicePort { port: 80, protocol: "TCP".into(), ..ServicePort::default() }];
    let spec = ServiceSpec { ports, kind: "ClusterIP".into(), cluster_ip: "10.96.0.7".into(), ..ServiceSpec::default() };
    script.at(0, Subject::Object(service), Change::Created(Object::Service(Arc::new(Service { metadata: metadata(), spec }))));
    script.pod(0, &shop(status("app", waiting("PodInitializing"), None, 0)));
    let endpoint = Endpoint { pod: "shop".into(), ip: "10.244.0.7".into(), ..Endpoint::default() };
    let slice = EndpointSlice { service: "shop".into(), namespace: "default".into(), name: "shop-hw2xk".into(), endpoints: vec![endpoint] };
    script.at(500, Subject::Object(service), Change::Endpoints(Arc::new(slice)));
    script.run(9760, 7, "starting\nfirst\n");
    script.event(9760, "Started", (9760, 1));
    script.pod(12_800, &shop(status("app", ContainerState::Terminated(ended(9760, 12_770).into()), None, 0)));
    script.run(13_350, 8, "starting\nsecond\n");
    script.event(13_350, "Started", (9760, 2));
    script.pod(16_400, &shop(status("app", ContainerState::Terminated(ended(13_350, 16_360).into()), Some(ended(9760, 12_770)), 1)));
    script.pod(30_000, &shop(status("app", waiting("CrashLoopBackOff"), Some(ended(13_350, 16_360)), 1)));
    script.at(40_000, Subject::Object(pod), Change::Deleted);
    script.trace
}

fn at(ms: u64) -> SimTime {
    SimTime::from_ms(ms)
}

#[test]
fn tables_show_the_moment() {
    let trace = crashed_once();
    let pods = |ms| get_pods(&trace, at(ms), "default", Columns::Default);
    assert_eq!(pods(22_400), "NAME   READY   STATUS   RESTARTS      AGE\nshop   1/2     Error    1 (10s ago)   22s\n");
    assert_eq!(pods(1000), "NAME   READY   STATUS            RESTARTS   AGE\nshop   1/2     PodInitializing   0          1s\n");
    assert_eq!(pods(40_000), "No resources found in default namespace.\n");
    assert_eq!(
        get_endpoint_slices(&trace, at(22_400), "default"),
        "NAME         ADDRESSTYPE   PORTS   ENDPOINTS    AGE\nshop-hw2xk   IPv4          80      10.244.0.7   22s\n"
    );
    assert_eq!(
        get_services(&trace, at(22_400), "default", Columns::Wide),
        "NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR\n\
         shop   ClusterIP   10.96.0.7    <none>        80/TCP    22s   <none>\n"
    );
}

#[test]
fn events_show_their_last_write() {
    let trace = crashed_once();
    assert_eq!(
        events(&trace, at(22_400), "default"),
        "LAST SEEN          TYPE     REASON    OBJECT     MESSAGE\n9s (x2 over 13s)   Normal   Started   Pod/shop   Container started\n"
    );
    assert_eq!(
        get_events(&trace, at(10_000), "default"),
        "LAST SEEN   TYPE     REASON    OBJECT     MESSAGE\n1s          Normal   Started   pod/shop   Container started\n"
    );
    assert_eq!(events(&trace, at(0), "default"), "No events found in default namespace.\n");
    assert_eq!(get_events(&trace, at(3_700_000), "default"), "No resources found in default namespace.\n");
}

#[test]
fn logs_are_those_of_the_run_that_the_status_names() {
    const NOTE: &str = "Defaulted container \"app\" out of: app, proxy (init)\n";
    let trace = crashed_once();
    let read = |ms, container, previous| logs(&trace, at(ms), LogsOf { namespace: "default", pod: "shop", container, previous });
    let app = Some("app");
    let cases = [
        (22_400, app, false, "starting\nsecond\n".to_owned()),
        (22_400, app, true, "starting\nfirst\n".to_owned()),
        (22_400, None, false, format!("{NOTE}starting\nsecond\n")),
        (30_000, app, false, "starting\nsecond\n".to_owned()),
        (30_000, app, true, "starting\nsecond\n".to_owned()),
        (
            1000,
            app,
            false,
            "Error from server (BadRequest): container \"app\" in pod \"shop\" is waiting to start: PodInitializing\n".to_owned(),
        ),
        (1000, app, true, "Error from server (BadRequest): previous terminated container \"app\" in pod \"shop\" not found\n".to_owned()),
        (1000, Some("x"), false, "error: container x is not valid for pod shop out of: app, proxy (init)\n".to_owned()),
        (50_000, app, false, "error: error from server (NotFound): pods \"shop\" not found in namespace \"default\"\n".to_owned()),
    ];
    for (ms, container, previous, want) in cases {
        assert_eq!(read(ms, container, previous), want, "{ms} {container:?} {previous}");
    }
}

#[test]
fn a_name_that_does_not_exist_is_tried_as_a_prefix() {
    let trace = crashed_once();
    let text = describe_pod(&trace, at(22_400), "default", "sh");
    assert!(text.starts_with("Name:    ") && !text.contains("Events:"), "{text}");
    assert_eq!(describe_pod(&trace, at(22_400), "default", "web"), "Error from server (NotFound): pods \"web\" not found\n");
}
