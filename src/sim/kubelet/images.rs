//! Images: present or pulled, one pull at a time, with a back-off of their own. (pkg/kubelet/images/image_manager.go)

use std::collections::VecDeque;
use std::sync::Arc;

use super::events::Message;
use super::script;
use super::worker::StartFailure;
use crate::scenario::{self, Registry};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::program::{self, Profile};
use crate::time::{SimDuration, SimTime, go_duration};
use crate::trace::{BackOffKind, Cause, Change, ObjectId, Pull, Rule, Subject};

pub(crate) static PULL: Rule = Rule {
    id: "kubelet/image-pull",
    says: "A missing image is pulled before the container is made, one pull at a time on a node. imagePullPolicy Always pulls every time, Never never.",
    source: "pkg/kubelet/images/image_manager.go: EnsureImageExists",
};
pub(crate) static PULL_BACK_OFF: Rule = Rule {
    id: "kubelet/image-pull-back-off",
    says: "After a failed pull the kubelet waits 10 s, then 20 s, 40 s and so on, at most 5 min, before it pulls again. The restart policy plays no part.",
    source: "pkg/kubelet/images/image_manager.go: pullImage",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&PULL, &PULL_BACK_OFF]
}

const INITIAL: SimDuration = SimDuration::from_secs(10);
const MAX: SimDuration = SimDuration::from_secs(300);
/// A registry's "no" takes no time worth telling.
const REFUSAL_TAKES: SimDuration = SimDuration::from_ms(30);

/// The back-off of an image within a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PullBackOff {
    delay: SimDuration,
    until: SimTime,
    /// The last pull's error.
    error: Arc<str>,
}

/// The node's pulls, first come, first served. (puller.go: serialImagePuller)
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Puller {
    queue: VecDeque<Request>,
    /// How the pull in progress ends.
    current: Option<(Request, Result<SimDuration, Arc<str>>)>,
}

/// Who waits for which image since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pod: ObjectId,
    slot: usize,
    image: String,
    asked: SimTime,
    /// Why it was asked for: what comes of it has nothing to do with the pull before.
    cause: Cause,
}

/// Whether the image of a container can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Image {
    /// It is on the node.
    Here,
    /// It is being pulled.
    Pulling,
    /// It cannot be had now.
    Failed(StartFailure),
}

/// Looks for the image of a container, and has it pulled if need be.
pub(crate) fn ensure(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Image {
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return Image::Pulling };
    let Some(container) = worker.plan.get(slot) else { return Image::Pulling };
    let (image, policy, profile) = (container.spec.image.clone(), container.spec.image_pull_policy.clone(), Arc::clone(&container.profile));
    if let Some(message) = invalid_name(&image) {
        emit(cluster, pod, slot, Message::warning("InspectFailed", message.clone(), &PULL), ctx);
        return Image::Failed(StartFailure { reason: "InvalidImageName", message: message.into(), rule: &PULL });
    }
    let present = is_present(cluster, &image, &profile);
    if present && policy != "Always" {
        let text = format!("Container image \"{image}\" already present on machine and can be accessed by the pod");
        emit(cluster, pod, slot, Message::normal("Pulled", text, &PULL), ctx);
        return Image::Here;
    }
    if policy == "Never" {
        let text = format!("Container image \"{image}\" is not present with pull policy of Never");
        emit(cluster, pod, slot, Message::warning("ErrImageNeverPull", text.clone(), &PULL), ctx);
        return Image::Failed(StartFailure { reason: "ErrImageNeverPull", message: text.into(), rule: &PULL });
    }
    if let Some(failure) = in_back_off(cluster, pod, slot, &image, ctx) {
        return Image::Failed(failure);
    }
    emit(cluster, pod, slot, Message::normal("Pulling", format!("Pulling image \"{image}\""), &PULL), ctx);
    cluster.kubelet.puller.queue.push_back(Request { pod, slot, image, asked: ctx.now, cause: ctx.cause });
    next_pull(cluster, ctx);
    Image::Pulling
}

fn emit(cluster: &mut Cluster, pod: ObjectId, slot: usize, message: Message, ctx: &mut Ctx) {
    let field = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)).map(|c| c.event_field.clone()).unwrap_or_default();
    cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), message);
}

fn is_present(cluster: &Cluster, image: &str, profile: &Profile) -> bool {
    cluster.kubelet.images.contains(&program::normalize_image(image)) || profile.present
}

/// An image in back-off is not pulled.
fn in_back_off(cluster: &mut Cluster, pod: ObjectId, slot: usize, image: &str, ctx: &mut Ctx) -> Option<StartFailure> {
    let entry = cluster.kubelet.workers.get(&pod)?.pulls.get(image)?.clone();
    if ctx.now >= entry.until {
        return None;
    }
    let at = cluster.kubelet.workers.get(&pod)?.plan.get(slot)?.at;
    let change = Change::BackOff { what: BackOffKind::Pull, delay: entry.delay, until: entry.until };
    ctx.record(Subject::Container(at), change, &PULL_BACK_OFF);
    let text = format!("Back-off pulling image \"{image}\"");
    emit(cluster, pod, slot, Message::normal("BackOff", text.clone(), &PULL_BACK_OFF), ctx);
    let message = format!("{text}: ErrImagePull: {}", entry.error).into();
    Some(StartFailure { reason: "ImagePullBackOff", message, rule: &PULL_BACK_OFF })
}

/// Begins the next pull if none is in progress.
fn next_pull(cluster: &mut Cluster, ctx: &mut Ctx) {
    if cluster.kubelet.puller.current.is_some() {
        return;
    }
    let Some(request) = cluster.kubelet.puller.queue.pop_front() else { return };
    let Some(container) = cluster.kubelet.workers.get(&request.pod).and_then(|w| w.plan.get(request.slot)) else { return };
    let end = registry_answer(cluster.scenario.registry, &container.profile, &request.image);
    let at = container.at;
    let cause = std::mem::replace(&mut ctx.cause, request.cause);
    ctx.record(Subject::Container(at), Change::Pull(Pull::Started), &PULL);
    ctx.after(*end.as_ref().unwrap_or(&REFUSAL_TAKES), Event::PullDone);
    ctx.cause = cause;
    cluster.kubelet.puller.current = Some((request, end));
}

/// How a pull of this image ends.
fn registry_answer(registry: Registry, profile: &Profile, image: &str) -> Result<SimDuration, Arc<str>> {
    let reference = program::normalize_image(image);
    let not_found = || {
        let text = format!(
            "rpc error: code = NotFound desc = failed to pull and unpack image \"{reference}\": failed to resolve reference \"{reference}\": \
             {reference}: not found"
        );
        Err(text.into())
    };
    match profile.pull {
        Some(scenario::Pull::Takes(time)) => Ok(time),
        Some(scenario::Pull::NotFound) => not_found(),
        Some(scenario::Pull::Denied) => Err(format!(
            "failed to pull and unpack image \"{reference}\": failed to resolve reference \"{reference}\": pull access denied, repository \
             does not exist or may require authorization: server message: insufficient_scope: authorization failed"
        )
        .into()),
        None if registry == Registry::Listed && !profile.present => not_found(),
        None if profile.known_tag => Ok(profile.pull_takes),
        None => not_found(),
    }
}

/// The pull in progress has ended.
pub(crate) fn on_pull_done(cluster: &mut Cluster, ctx: &mut Ctx) {
    let Some((request, end)) = cluster.kubelet.puller.current.take() else { return };
    let Request { pod, slot, image, asked, cause: _ } = request;
    if end.is_ok() {
        cluster.kubelet.images.insert(program::normalize_image(&image));
    }
    let container = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot));
    if let Some((at, size)) = container.map(|c| (c.at, c.profile.size_bytes)) {
        let pull = match &end {
            Ok(took) => Pull::Done { took: *took },
            Err(error) => Pull::Failed { message: Arc::clone(error) },
        };
        ctx.because(Subject::Container(at), Change::Pull(pull), &PULL);
        match end {
            Ok(took) => {
                let (pull, all) = (go_duration(took), go_duration(ctx.now - asked));
                let text = format!("Successfully pulled image \"{image}\" in {pull} ({all} including waiting). Image size: {size} bytes.");
                emit(cluster, pod, slot, Message::normal("Pulled", text, &PULL), ctx);
                script::image_ready(cluster, pod, slot, None, ctx);
            }
            Err(error) => {
                let text = format!("Failed to pull image \"{image}\": {error}");
                emit(cluster, pod, slot, Message::warning("Failed", text, &PULL), ctx);
                remember_failure(cluster, pod, &image, &error, ctx.now);
                let failure = StartFailure { reason: "ErrImagePull", message: error, rule: &PULL };
                script::image_ready(cluster, pod, slot, Some(failure), ctx);
            }
        }
    }
    next_pull(cluster, ctx);
}

/// 10 s, doubling to 300 s, from the end of the failed pull.
fn remember_failure(cluster: &mut Cluster, pod: ObjectId, image: &str, error: &Arc<str>, now: SimTime) {
    let Some(worker) = cluster.worker(pod) else { return };
    let delay = worker.pulls.get(image).map_or(INITIAL, |e| SimDuration::from_ms(e.delay.ms() * 2).min(MAX));
    worker.pulls.insert(image.to_owned(), PullBackOff { delay, until: now + delay, error: Arc::clone(error) });
}

/// What is wrong with an image's name. (pkg/util/parsers/parsers.go: ParseImageName)
fn invalid_name(image: &str) -> Option<String> {
    let name = image.split('@').next().unwrap_or(image);
    let (repository, tag) = match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    };
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '/' | ':');
    let detail = if repository.chars().any(|c| c.is_ascii_uppercase()) && !repository.contains('.') {
        let full = if repository.contains('/') { repository.to_owned() } else { format!("library/{repository}") };
        format!("invalid reference format: repository name ({full}) must be lowercase")
    } else if repository.is_empty()
        || !repository.chars().all(legal)
        || tag.is_some_and(|t| t.is_empty() || t.contains(char::is_whitespace))
    {
        "invalid reference format".to_owned()
    } else {
        return None;
    };
    Some(format!("Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": {detail}"))
}
