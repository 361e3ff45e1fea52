//! How fast the engine is: one pod with three containers over ten minutes, and a container that crashes all the time.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use podlab::time::SimDuration;
use podlab::trace::Change;
use podlab::{manifest, sim};

/// The allocator of the tool, so that the figures are the tool's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const THREE_CONTAINERS: &str = include_str!("busy.yaml");

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

criterion_group!(benches, engine);
criterion_main!(benches);
