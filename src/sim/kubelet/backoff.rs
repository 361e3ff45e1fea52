//! The crash back-off: 10 s doubling to 300 s, from the end of the last run. (kuberuntime_manager.go: doBackOff)

use std::sync::Arc;

use super::worker::PodWorker;
use crate::time::{SimDuration, SimTime};
use crate::trace::Rule;

pub(crate) static RESTART: Rule = Rule {
    id: "kubelet/restart-back-off",
    says: "The first restart is immediate, then the kubelet waits 10 s, 20 s, 40 s and so on, at most 5 min, counted from the exit. \
           Until it looks again kubectl prints how the container ended; CrashLoopBackOff comes with that look.",
    source: "kuberuntime_manager.go: doBackOff",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&RESTART]
}

const INITIAL: SimDuration = SimDuration::from_secs(10);
/// (kubelet config: crashLoopBackOff.maxContainerRestartPeriod)
const MAX: SimDuration = SimDuration::from_secs(300);
/// Twice the longest delay.
const EXPIRES: SimDuration = SimDuration::from_secs(600);

/// One entry of the back-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RestartBackOff {
    /// A changed image starts a fresh entry. (helpers.go: GetBackoffKey)
    image: Arc<str>,
    pub(crate) delay: SimDuration,
    last_update: SimTime,
}

/// A restart that is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) delay: SimDuration,
    pub(crate) until: SimTime,
}

/// Checks a start against the back-off, and moves it on when the start may go ahead.
///
/// # Errors
/// The back-off in force, if the last run ended too recently.
pub(crate) fn check(worker: &mut PodWorker, slot: usize, now: SimTime) -> Result<(), Refused> {
    let ended = worker.seen.slots.get(slot).and_then(|runs| runs.iter().rev().find_map(|r| r.ended())).map(|e| e.finished_at);
    let Some(finished_at) = ended else { return Ok(()) };
    let Some(image) = worker.plan.get(slot).map(|c| Arc::from(c.spec.image.as_str())) else { return Ok(()) };
    let Some(slot) = worker.slots.get_mut(slot) else { return Ok(()) };
    let entry = slot.back_off.take().filter(|e| e.image == image && finished_at.since(e.last_update) <= EXPIRES);
    if let Some(entry) = entry {
        let until = finished_at + entry.delay;
        if now < until {
            let refused = Refused { delay: entry.delay, until };
            slot.back_off = Some(entry);
            return Err(refused);
        }
        let doubled = SimDuration::from_ms(entry.delay.ms() * 2).min(MAX);
        slot.back_off = Some(RestartBackOff { image, delay: doubled, last_update: now });
    } else {
        slot.back_off = Some(RestartBackOff { image, delay: INITIAL, last_update: now });
    }
    Ok(())
}

/// The kubelet's housekeeping forgets entries that nobody touched for long. (kubelet_pods.go: HandlePodCleanups)
pub(crate) fn collect_garbage(worker: &mut PodWorker, now: SimTime) {
    for slot in &mut worker.slots {
        if slot.back_off.as_ref().is_some_and(|e| now.since(e.last_update) > EXPIRES) {
            slot.back_off = None;
        }
    }
}
