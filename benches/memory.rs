//! How much memory a trace takes: everything that a run still holds, by an allocator that counts.
#![expect(unsafe_code, reason = "an allocator is unsafe to write")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use podlab::time::SimDuration;
use podlab::{manifest, sim};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is the system allocator's own; only sizes are added up beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let files = [("three containers", include_str!("three-containers.yaml")), ("busy", include_str!("busy.yaml"))];
    for (name, text) in files {
        let manifest = manifest::read(text);
        let mut scenario = manifest.scenario.clone().unwrap_or_default();
        scenario.duration = SimDuration::from_secs(600);
        let input = sim::Input { objects: manifest.admitted(), scenario };
        let before = HELD.load(Ordering::Relaxed);
        let run = sim::simulate(&input);
        let held = HELD.load(Ordering::Relaxed) - before;
        let records = run.trace.records().len();
        eprintln!("{name}, 10 min: {records} records, {} bytes a record", held / records.max(1));
    }
}
