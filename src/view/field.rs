//! From a place in the text to the first moment of the life that a field there decides.

use super::place::{is_about, object_of};
use crate::manifest::{Manifest, Source};
use crate::text::FieldPath;
use crate::trace::{Record, RecordId, Trace};
use crate::yaml::{Node, NodeKind};

/// The field at a byte of the text: of which object, and its path.
fn field_at(manifest: &Manifest, offset: usize) -> Option<(&Source, FieldPath)> {
    let source = manifest.objects.iter().find(|o| o.span.contains(offset))?;
    let mut path = FieldPath::root();
    let mut node = source.source.root();
    while let Some((inner, below)) = step(node, &path, offset) {
        (node, path) = (inner, below);
    }
    (!path.is_root()).then_some((source, path))
}

/// The part of a node that an offset is in.
fn step<'n>(node: &'n Node, path: &FieldPath, offset: usize) -> Option<(&'n Node, FieldPath)> {
    match &node.kind {
        NodeKind::Map(entries) => {
            let here = |e: &&crate::yaml::Entry| (e.key_span.start as usize..=e.value.span.end as usize).contains(&offset);
            entries.iter().find(here).map(|e| (&e.value, path.field(&e.key)))
        }
        NodeKind::Seq(items) => {
            let here = |(_, item): &(usize, &Node)| (item.span.start as usize..=item.span.end as usize).contains(&offset);
            items.iter().enumerate().find(here).map(|(i, item)| (item, path.index(i)))
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_) | NodeKind::Text(_) => None,
    }
}

/// The first record that a field decides: one that names the field at the offset, or what lies below it, or the nearest
/// around it; else the first of what such a field is for.
pub fn first_of_field(manifest: &Manifest, trace: &Trace, offset: usize) -> Option<RecordId> {
    let (source, path) = field_at(manifest, offset)?;
    let object = &source.outcome.as_ref().ok()?.object;
    let (kind, name) = (object.kind(), object.metadata().name.as_str());
    let is_own = |record: &&Record| {
        let key = object_of(record).and_then(|id| trace.key(id));
        key.is_some_and(|key| key.kind == kind && key.name == name)
    };
    let own = || trace.records().iter().filter(is_own);
    let below = |of: &str, path: &str| of.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let mut wanted = path.as_str();
    // A container as a whole, or the specification, says too little about a field.
    while wanted.matches('.').count() > 1 || (wanted.contains('.') && !wanted.ends_with(']')) {
        let decides = |record: &&Record| record.field.as_ref().is_some_and(|field| below(field.as_str(), wanted));
        if let Some(first) = own().find(decides) {
            return Some(first.id);
        }
        wanted = wanted.get(..wanted.rfind(['.', '[']).unwrap_or_default()).unwrap_or_default();
    }
    own().find(|record| is_about(trace, record, &path)).map(|record| record.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Input, simulate};

    const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'sleep 3; exit 1']
    readinessProbe:
      exec: {command: ['true']}
      periodSeconds: 2
    lifecycle:
      postStart:
        exec: {command: [sleep, '1']}
";

    #[test]
    fn a_field_leads_to_its_first_moment() {
        let manifest = crate::manifest::read(TEXT);
        let run = simulate(&Input { objects: manifest.admitted(), ..Input::default() });
        let at = |word: &str| {
            let id = first_of_field(&manifest, &run.trace, TEXT.find(word)?)?;
            run.trace.get(id).map(|record| (record.at.ms() / 1000, format!("{:?}", record.change)))
        };
        let cases = [("busybox", "Event", 0), ("sleep 3", "Exited", 3), ("periodSeconds", "Probe", 1), ("postStart", "HookStarted", 0)];
        for (word, change, second) in cases {
            let (found_at, found) = at(word).unwrap_or_else(|| panic!("{word}: nothing"));
            assert!(found.starts_with(change) && found_at == second, "{word}: {found_at} s {found}");
        }
        assert_eq!(at("apiVersion"), None);
        assert_eq!(at("terminationGrace"), None, "nothing is stopped here");
    }
}
