//! How fast the engine is: one pod with three containers over ten minutes, and a container that crashes all the time.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use podlab::time::SimDuration;
use podlab::trace::Change;
use podlab::{manifest, sim};

/// The allocator of the tool, so that the figures are the tool's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const THREE_CONTAINERS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: shop, labels: {app: shop}}
spec:
  containers:
  - name: web
    image: nginx:1.25
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}
    livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 10}
  - name: worker
    image: busybox:1.36
    command: [sh, -c, 'while true; do echo tick; sleep 1; done']
    readinessProbe: {exec: {command: [sh, -c, 'test -d /tmp']}, periodSeconds: 2}
  - name: flaky
    image: busybox:1.36
    command: [sh, -c, 'echo starting; sleep 5; exit 1']
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
";

const CRASHING: &str = "
apiVersion: v1
kind: Pod
metadata: {name: crash}
spec:
  containers:
  - {name: app, image: 'busybox:1.36', command: [sh, -c, exit 1]}
";

fn input(text: &str) -> sim::Input {
    let manifest = manifest::read(text);
    assert!(!manifest.has_errors(), "{:?}", manifest.diagnostics);
    let mut input = sim::Input { objects: manifest.admitted(), ..sim::Input::default() };
    input.scenario.duration = SimDuration::from_secs(600);
    input
}

fn engine(c: &mut Criterion) {
    for (name, text) in [("three containers, 10 min", THREE_CONTAINERS), ("crash loop, 10 min", CRASHING)] {
        let mut group = c.benchmark_group(name);
        let input = input(text);
        group.throughput(Throughput::Elements(events(&input)));
        group.bench_function("simulate", |b| b.iter(|| sim::simulate(black_box(&input))));
        group.bench_function("read and simulate", |b| b.iter(|| sim::simulate(&self::input(black_box(text)))));
        group.finish();
    }
}

/// How many events the engine handles: the smallest budget that is not used up.
fn events(input: &sim::Input) -> u64 {
    let enough = |events: u64| {
        let run = sim::simulate_within(input, sim::Budget { events, ..sim::Budget::default() });
        !run.trace.records().last().is_some_and(|r| matches!(r.change, Change::Budget { .. }))
    };
    let (mut low, mut high) = (0, 1 << 20);
    while low < high {
        let middle = (low + high) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// What this process has in memory, in bytes.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

/// How much memory a trace takes, told once: criterion measures time only.
fn memory(_: &mut Criterion) {
    let input = input(THREE_CONTAINERS);
    let before = resident();
    let runs: Vec<_> = (0..100).map(|_| sim::simulate(&input)).collect();
    let records: usize = runs.iter().map(|r| r.trace.records().len()).sum();
    let record = std::mem::size_of::<podlab::trace::Record>();
    eprintln!("memory: {} bytes a record, {record} of them in the list", resident().saturating_sub(before) / records.max(1));
    eprintln!("{} events and {} records in ten minutes of three containers", events(&input), records / runs.len().max(1));
}

criterion_group!(benches, memory, engine);
criterion_main!(benches);
