//! The places that lints look at: an object, the pod in it, its containers, as they are written.

use crate::api::Kind;
use crate::manifest::{Manifest, Source};
use crate::text::Span;
use crate::yaml::{Entry, Node, NodeKind};

/// An object of the text.
#[derive(Debug)]
pub(super) struct Unit<'m> {
    pub manifest: &'m Manifest,
    pub kind: Kind,
    pub root: &'m Node,
    /// The pod's metadata: the object's own or its template's.
    pub metadata: Option<&'m Node>,
    /// The pod's spec.
    pub spec: Option<&'m Node>,
}

impl<'m> Unit<'m> {
    pub(super) fn new(manifest: &'m Manifest, source: &'m Source) -> Option<Self> {
        let (kind, root) = (source.kind?, source.source.root());
        let pod = kind.pod_path().and_then(|path| path.iter().try_fold(root, |node, name| node.get(name)));
        let within = |name: &str| pod.and_then(|p| p.get(name));
        Some(Self { manifest, kind, root, metadata: within("metadata"), spec: within("spec").filter(|s| s.get("containers").is_some()) })
    }

    /// The other objects of the manifest (and this one).
    pub(super) fn all(&self) -> impl Iterator<Item = Self> + use<'m> {
        let manifest = self.manifest;
        manifest.objects.iter().filter_map(move |s| Unit::new(manifest, s))
    }

    /// Whether the pods of this unit have all labels of `selector`.
    pub(super) fn is_selected(&self, selector: &Node) -> bool {
        let labels = self.metadata.and_then(|m| m.get("labels"));
        let wanted = selector.entries();
        self.spec.is_some()
            && !wanted.is_empty()
            && wanted.iter().all(|e| labels.and_then(|l| l.get(&e.key)).and_then(Node::text) == e.value.text())
    }

    /// The names of the ports of its containers.
    pub(super) fn port_names(&self) -> Vec<&'m str> {
        let containers = self.spec.into_iter().flat_map(|s| list(s, "containers").iter().chain(list(s, "initContainers")));
        containers.flat_map(|c| list(c, "ports")).filter_map(|p| p.get("name").and_then(Node::text)).collect()
    }
}

/// A container of a pod.
#[derive(Debug)]
pub(super) struct Container<'m> {
    pub unit: &'m Unit<'m>,
    pub node: &'m Node,
    pub is_init: bool,
}

impl<'m> Container<'m> {
    /// Init containers, then the others.
    pub(super) fn of(unit: &'m Unit<'m>) -> Vec<Self> {
        let lists = [("initContainers", true), ("containers", false)];
        let of = |(name, is_init)| unit.spec.into_iter().flat_map(move |s| list(s, name)).map(move |node| Self { unit, node, is_init });
        lists.into_iter().flat_map(of).collect()
    }

    /// Its name, to underline.
    pub(super) fn head(&self) -> Span {
        self.node.get("name").map_or_else(|| self.node.head(), |n| n.span)
    }

    /// The value of a field and where its key stands.
    pub(super) fn entry(&self, name: &str) -> Option<&'m Entry> {
        entry(self.node, name)
    }

    /// Whether it lives as long as its pod.
    pub(super) fn is_sidecar(&self) -> bool {
        self.is_init && text(self.node, "restartPolicy") == "Always"
    }

    /// The words of `command` and `args`.
    pub(super) fn words(&self) -> Vec<&'m str> {
        words(self.node, "command").into_iter().chain(words(self.node, "args")).collect()
    }

    /// The script that a shell of it runs.
    pub(super) fn script(&self) -> Option<&'m str> {
        script(&self.words())
    }
}

/// The script of `sh -c SCRIPT`.
pub(super) fn script<'m>(words: &[&'m str]) -> Option<&'m str> {
    let shell = words.first()?.rsplit('/').next()?;
    let flag = words.get(1)?;
    (matches!(shell, "sh" | "bash" | "ash" | "dash") && flag.starts_with('-') && flag.ends_with('c'))
        .then(|| words.get(2).copied())
        .flatten()
}

/// The texts of a list.
pub(super) fn words<'m>(node: &'m Node, name: &str) -> Vec<&'m str> {
    list(node, name).iter().filter_map(Node::text).collect()
}

/// The node at a path of field names.
pub(super) fn at<'m>(node: &'m Node, path: &str) -> Option<&'m Node> {
    path.split('.').try_fold(node, |node, name| node.get(name))
}

/// The entry of a field.
pub(super) fn entry<'m>(node: &'m Node, name: &str) -> Option<&'m Entry> {
    node.entries().iter().rev().find(|e| e.key == name)
}

/// The elements of the list in a field.
pub(super) fn list<'m>(node: &'m Node, name: &str) -> &'m [Node] {
    node.get(name).map(Node::items).unwrap_or_default()
}

/// The text in a field, empty if there is none.
pub(super) fn text<'m>(node: &'m Node, name: &str) -> &'m str {
    node.get(name).and_then(Node::text).unwrap_or_default()
}

/// A whole number.
pub(super) const fn number(node: &Node) -> Option<i64> {
    if let NodeKind::Int(n) = node.kind { Some(n) } else { None }
}

/// The whole number in a field.
pub(super) fn int(node: &Node, name: &str) -> Option<i64> {
    node.get(name).and_then(number)
}
