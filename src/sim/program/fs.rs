//! Files: trees of paths, which are volumes and writable layers.

use crate::order::SortedMap;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use crate::time::SimTime;

/// A volume or a writable layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeId(u32);

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A file.
    File(File),
    /// A folder.
    Folder,
}

/// A file: its text, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) text: Arc<str>,
    /// When it was last written.
    pub(crate) written: SimTime,
    /// In bytes: more than the text where it holds zeros, or where its front was cut off.
    pub(crate) size: u64,
}

impl File {
    pub(crate) fn new(text: Arc<str>, written: SimTime) -> Self {
        Self { size: bytes(&text), text, written }
    }
}

impl Node {
    /// What it takes, in bytes.
    const fn size(&self) -> u64 {
        match self {
            Self::File(file) => file.size,
            Self::Folder => 0,
        }
    }
}

pub(super) fn bytes(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

/// The files of a volume or layer, and how much they take.
#[derive(Debug, Clone, PartialEq, Default)]
struct Tree {
    nodes: SortedMap<String, Node>,
    /// In bytes.
    used: u64,
    /// How many bytes fit, and that they lie in memory, for a volume of that medium.
    memory: Option<u64>,
}

/// Something that was done to a file of a volume: its text or what was added to it, or nothing if it was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) tree: TreeId,
    pub(crate) path: String,
    pub(crate) text: Option<Arc<str>>,
    pub(crate) added: bool,
}

/// All trees.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Files {
    trees: Vec<Tree>,
    /// Whether something was left out because a bound was reached, and nobody was told yet.
    pub(crate) exceeded: bool,
    /// What was done to the files of volumes since it was last taken.
    pub(crate) done: Vec<Done>,
    /// What reading and writing has cost since it was last taken, in steps of a program.
    pub(crate) work: Cell<u64>,
    /// Bytes put into volumes of memory, and taken out of them, since it was last taken.
    pub(crate) in_memory: i64,
}

/// What a file may hold at most; what exceeds it is cut off at the front, as a rotated log is.
const FILE_BYTES: usize = 256 * 1024;
/// How many bytes a program moves in one step.
pub(crate) const BYTES_A_STEP: usize = 512;
/// How many files a tree holds.
const FILES: usize = 2000;

impl Files {
    /// A new empty tree.
    pub fn new_tree(&mut self) -> TreeId {
        self.trees.push(Tree::default());
        TreeId(u32::try_from(self.trees.len() - 1).unwrap_or(u32::MAX))
    }

    /// The same in memory, with room for so many bytes.
    pub fn new_tree_in_memory(&mut self, room: u64) -> TreeId {
        let id = self.new_tree();
        if let Some(tree) = self.trees.last_mut() {
            tree.memory = Some(room);
        }
        id
    }

    /// Another tree with the same files.
    pub fn copy(&mut self, tree: TreeId) -> TreeId {
        let copy = self.trees.get(tree.0 as usize).cloned().unwrap_or_default();
        let id = self.new_tree();
        if let Some(last) = self.trees.last_mut() {
            *last = copy;
        }
        id
    }

    /// The bytes that a tree takes.
    pub fn used(&self, tree: TreeId) -> u64 {
        self.trees.get(tree.0 as usize).map_or(0, |t| t.used)
    }

    /// Whether it takes memory, not disk.
    pub fn is_in_memory(&self, tree: TreeId) -> bool {
        self.trees.get(tree.0 as usize).is_some_and(|t| t.memory.is_some())
    }

    /// Writes a file, with the folders above it. `path` is relative to the tree's root.
    pub fn write(&mut self, tree: TreeId, path: &str, contents: &str, now: SimTime) {
        self.store(tree, path, (contents, bytes(contents)), now);
    }

    /// The same for a file that takes more than its text.
    pub(super) fn store(&mut self, tree: TreeId, path: &str, (contents, size): (&str, u64), now: SimTime) {
        let path = clean(path);
        self.costs(contents.len() / BYTES_A_STEP);
        for folder in parents(&path) {
            self.put(tree, folder, Node::Folder);
        }
        let start = (contents.len().saturating_sub(FILE_BYTES)..=contents.len()).find(|i| contents.is_char_boundary(*i)).unwrap_or(0);
        self.exceeded |= start > 0;
        self.put(tree, &path, Node::File(File { text: contents.get(start..).unwrap_or_default().into(), written: now, size }));
    }

    /// Counts work, so that a program that does much of it comes to its end.
    pub(crate) fn costs(&self, steps: usize) {
        self.work.set(self.work.get().saturating_add(u64::try_from(steps).unwrap_or(u64::MAX)));
    }

    /// The text of a file.
    pub fn read(&self, tree: TreeId, path: &str) -> Option<&str> {
        match self.node(tree, &clean(path))? {
            Node::File(file) => Some(&file.text),
            Node::Folder => None,
        }
    }

    /// What stands at a cleaned path; the root is a folder.
    pub(crate) fn node(&self, tree: TreeId, path: &str) -> Option<&Node> {
        if path.is_empty() {
            return Some(&Node::Folder);
        }
        self.trees.get(tree.0 as usize)?.nodes.get(path)
    }

    /// Makes the folder of a volume that a container mounts, if it is not there. (kubelet_pods.go: makeMounts)
    pub(crate) fn make_sub_path(&mut self, tree: TreeId, path: &str) {
        let path = clean(path);
        if self.node(tree, &path).is_none() {
            for folder in parents(&path).chain([&*path]) {
                self.put(tree, folder, Node::Folder);
            }
        }
    }

    /// Whether a tree holds nothing.
    pub(crate) fn is_empty(&self, tree: TreeId) -> bool {
        self.trees.get(tree.0 as usize).is_none_or(|t| t.nodes.is_empty())
    }

    pub(crate) fn put(&mut self, id: TreeId, path: &str, node: Node) {
        let Some(tree) = self.trees.get_mut(id.0 as usize) else { return };
        if tree.nodes.len() < FILES || tree.nodes.contains_key(path) {
            let new = node.size();
            let old = tree.nodes.insert(path.to_owned(), node).map_or(0, |n| n.size());
            tree.used = tree.used.saturating_add(new).saturating_sub(old);
            self.counts(id, new, old);
        } else {
            self.exceeded = true;
        }
    }

    /// Keeps what was put into memory and taken out of it.
    fn counts(&mut self, tree: TreeId, new: u64, old: u64) {
        if new != old && self.is_in_memory(tree) {
            let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            self.in_memory = self.in_memory.saturating_add(signed(new)).saturating_sub(signed(old));
        }
    }

    /// How many more bytes a file may take, given what it takes now.
    pub(super) fn room(&self, tree: TreeId, path: &str) -> u64 {
        let Some(of) = self.trees.get(tree.0 as usize) else { return 0 };
        let own = of.nodes.get(path).map_or(0, Node::size);
        of.memory.map_or(u64::MAX, |room| room.saturating_sub(of.used.saturating_sub(own)))
    }

    pub(crate) fn remove(&mut self, tree: TreeId, path: &str) {
        let below = format!("{path}/");
        let Some(of) = self.trees.get_mut(tree.0 as usize) else { return };
        let before = of.used;
        of.nodes.retain(|p, _| p != path && !p.starts_with(&below));
        of.used = of.nodes.values().map(Node::size).sum();
        let after = of.used;
        self.counts(tree, after, before);
    }

    /// The names directly below a folder.
    pub(crate) fn list(&self, tree: TreeId, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(tree) = self.trees.get(tree.0 as usize) else { return Vec::new() };
        self.costs(tree.nodes.len() / 8);
        tree.nodes.keys().filter_map(|p| p.strip_prefix(&prefix)).filter(|p| !p.is_empty() && !p.contains('/')).map(str::to_owned).collect()
    }
}

/// A path without leading, trailing and double slashes, `.` and `..`.
pub(crate) fn clean(path: &str) -> Cow<'_, str> {
    let relative = path.strip_prefix('/').unwrap_or(path);
    if is_clean(relative) {
        return relative.into();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/").into()
}

/// Whether a path is as `clean` makes it; one that may not be, such as one with hidden files, is cleaned to be sure.
fn is_clean(path: &str) -> bool {
    let mut before = b'/';
    path.bytes().all(|b| {
        let fits = before != b'/' || !matches!(b, b'/' | b'.');
        before = b;
        fits
    }) && (before != b'/' || path.is_empty())
}

/// The folders above a cleaned path.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(i, _)| path.get(..i))
}
