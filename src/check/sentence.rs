//! A check as the learner reads it.

use super::language::{Check, Condition, Property};
use crate::time::go_duration;

/// The check in a sentence: the author's own, or one made from the property.
pub fn sentence(check: &Check) -> String {
    if !check.says.is_empty() {
        return check.says.clone();
    }
    match check.property() {
        None => check.name.clone(),
        Some(Property::Never(c)) => format!("never: {}", words(c)),
        Some(Property::Always(c)) => format!("always: {}", words(c)),
        Some(Property::Eventually(c, None)) => format!("at some moment: {}", words(c)),
        Some(Property::Eventually(c, Some(by))) => format!("within {}: {}", go_duration(by), words(c)),
        Some(Property::Count(c, 0, most)) => format!("at most {most} times: {}", words(c)),
        Some(Property::Count(c, least, u32::MAX)) => format!("at least {least} times: {}", words(c)),
        Some(Property::Count(c, least, most)) => format!("{least} to {most} times: {}", words(c)),
        Some(Property::Order { first, then }) => format!("{} only after {}", words(then), words(first)),
    }
}

fn words(c: &Condition) -> String {
    let who = c.container.as_deref().unwrap_or("the pod");
    let mut parts = Vec::new();
    parts.extend(c.state.as_ref().map(|s| format!("{who} is {s}")));
    parts.extend(c.restarts.map(|n| format!("{who} has restarted {n} times or more")));
    parts.extend(c.status.as_ref().map(|s| format!("STATUS is {s}")));
    parts.extend(c.phase.as_ref().map(|p| format!("the phase is {p}")));
    parts.extend(c.ready.map(|r| if r { "the pod is Ready".to_owned() } else { "the pod is not Ready".to_owned() }));
    parts.extend(c.listening.map(|p| format!("port {p} listens")));
    parts.extend(c.output.as_ref().map(|o| format!("{who} has written “{o}”")));
    parts.extend(c.exit.map(|code| format!("{who} has ended with code {code}")));
    parts.extend(c.endpoint.as_ref().map(|service| format!("Service {service} has an endpoint that gets traffic")));
    parts.extend(c.host.as_ref().map(|host| format!("{host} answers")));
    parts.extend(c.file.as_ref().map(|file| {
        let place = file.volume.as_ref().map_or_else(|| "a volume".to_owned(), |volume| format!("the volume {volume}"));
        match &file.contains {
            Some(text) => format!("the file {} in {place} says “{text}”", file.path),
            None => format!("the file {} is in {place}", file.path),
        }
    }));
    parts.join(" and ")
}
