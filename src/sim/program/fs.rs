//! Files: trees of paths (volumes and writable layers), and the view of them that one container has.

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

fn bytes(text: &str) -> u64 {
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
    fn store(&mut self, tree: TreeId, path: &str, (contents, size): (&str, u64), now: SimTime) {
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
    fn room(&self, tree: TreeId, path: &str) -> u64 {
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

/// What one container sees: mounted trees over its writable layer over its image.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    layer: TreeId,
    image: Arc<SortedMap<String, Node>>,
    /// Cleaned mount point, tree, folder within the tree, read-only; longest mount point first.
    mounts: Vec<(String, TreeId, String, bool)>,
    /// Whether nothing outside the mounts can be written. (`readOnlyRootFilesystem`)
    sealed: bool,
}

/// Why a file operation failed, in the words of the C library.
pub(crate) type Fault = &'static str;

pub(crate) const NO_SUCH_FILE: Fault = "No such file or directory";
const IS_FOLDER: Fault = "Is a directory";
const READ_ONLY: Fault = "Read-only file system";
const NO_SPACE: Fault = "No space left on device";

impl View {
    pub(crate) fn new(layer: TreeId, image: Arc<SortedMap<String, Node>>, mut mounts: Vec<(String, TreeId, String, bool)>) -> Self {
        for mount in &mut mounts {
            mount.0 = clean(&mount.0).into_owned();
            mount.2 = clean(&mount.2).into_owned();
        }
        crate::order::sort_by_key(&mut mounts, |m| std::cmp::Reverse(m.0.len()));
        Self { layer, image, mounts, sealed: false }
    }

    /// The same with a root that is read-only. What the runtime mounts itself, such as the termination log, is not.
    pub(crate) fn sealed(self) -> Self {
        Self { sealed: true, ..self }
    }

    /// The tree that a cleaned path is in, the path within it, and whether it is read-only.
    fn locate<'a>(&'a self, path: &'a str) -> (TreeId, Cow<'a, str>, bool) {
        for (point, tree, sub, read_only) in &self.mounts {
            let rest = if path == point { Some("") } else { path.strip_prefix(point.as_str()).and_then(|r| r.strip_prefix('/')) };
            if let Some(rest) = rest {
                let inner = if sub.is_empty() { clean(rest) } else { clean(&format!("{sub}/{rest}")).into_owned().into() };
                return (*tree, inner, *read_only);
            }
        }
        (self.layer, path.into(), self.sealed && !path.starts_with("dev/") && path != "etc/hosts")
    }

    /// Why nothing can be written at an absolute path, if that is so.
    pub(crate) fn refuses(&self, path: &str) -> Option<Fault> {
        self.locate(&clean(path)).2.then_some(READ_ONLY)
    }

    /// What stands at an absolute path.
    pub(crate) fn node<'a>(&'a self, files: &'a Files, path: &str) -> Option<&'a Node> {
        let path = clean(path);
        let (tree, inner, _) = self.locate(&path);
        if let Some(node) = files.node(tree, &inner) {
            return Some(node);
        }
        if tree != self.layer {
            return None;
        }
        if let Some(node) = self.image.get(&*path) {
            let removed = !files.is_empty(tree) && files.node(tree, &format!("{WHITEOUT}{path}")).is_some();
            return (!removed).then_some(node);
        }
        let covers = || self.mounts.iter().any(|(p, ..)| p.strip_prefix(&*path).is_some_and(|r| r.starts_with('/')));
        (path.is_empty() || covers()).then_some(&Node::Folder)
    }

    /// What stands at a path, seen from a folder.
    pub(crate) fn node_from<'a>(&'a self, files: &'a Files, cwd: &str, path: &str) -> Option<&'a Node> {
        if path.starts_with('/') { self.node(files, path) } else { self.node(files, &format!("{cwd}/{path}")) }
    }

    /// The text of a file.
    pub(crate) fn read<'a>(&'a self, files: &'a Files, path: &str) -> Result<&'a str, Fault> {
        match self.node(files, path) {
            Some(Node::File(file)) => Ok(&file.text),
            Some(Node::Folder) => Err(IS_FOLDER),
            None => Err(NO_SUCH_FILE),
        }
    }

    /// Puts a text in a file's place.
    pub(crate) fn write(&self, files: &mut Files, path: &str, text: &str, now: SimTime) -> Result<(), Fault> {
        let path = clean(path);
        let (tree, inner) = self.writable(files, &path)?;
        if bytes(text) > files.room(tree, &inner) {
            return Err(NO_SPACE);
        }
        files.write(tree, &inner, text, now);
        self.tell(files, tree, &inner, (Some(text), false));
        Ok(())
    }

    /// Writes so many zeros, in a file's place or to its end; as many of them as fit.
    pub(crate) fn write_zeros(&self, files: &mut Files, path: &str, (count, append): (u64, bool), now: SimTime) -> Result<(), Fault> {
        let path = clean(path);
        let (tree, inner) = self.writable(files, &path)?;
        let (text, old) = match files.node(tree, &inner) {
            Some(Node::File(file)) if append => (Arc::clone(&file.text), file.size),
            _ => (Arc::from(""), 0),
        };
        let (wanted, room) = (old.saturating_add(count), files.room(tree, &inner));
        files.store(tree, &inner, (&text, wanted.min(room)), now);
        self.tell(files, tree, &inner, (Some(""), append));
        if wanted > room { Err(NO_SPACE) } else { Ok(()) }
    }

    /// The bytes that the writable layer takes.
    pub(crate) fn layer_used(&self, files: &Files) -> u64 {
        files.used(self.layer)
    }

    /// Keeps what was done to a file of a volume; the writable layer is nobody else's.
    fn tell(&self, files: &mut Files, tree: TreeId, path: &str, (text, added): (Option<&str>, bool)) {
        if tree != self.layer {
            files.done.push(Done { tree, path: path.to_owned(), text: text.map(Arc::from), added });
        }
    }

    /// Adds a text to a file's end.
    pub(crate) fn append(&self, files: &mut Files, path: &str, text: &str, now: SimTime) -> Result<(), Fault> {
        let path = clean(path);
        let (tree, inner) = self.writable(files, &path)?;
        let (before, size) = match self.node(files, &path) {
            Some(Node::File(file)) => (&*file.text, file.size),
            _ => ("", 0),
        };
        let size = size.saturating_add(bytes(text));
        if size > files.room(tree, &inner) {
            return Err(NO_SPACE);
        }
        let whole = before.to_owned() + text;
        files.store(tree, &inner, (&whole, size), now);
        self.tell(files, tree, &inner, (Some(text), true));
        Ok(())
    }

    /// The tree and place of a file that may be written.
    fn writable<'a>(&'a self, files: &Files, path: &'a str) -> Result<(TreeId, Cow<'a, str>), Fault> {
        match self.node(files, path) {
            Some(Node::Folder) => return Err(IS_FOLDER),
            Some(Node::File(..)) => {}
            None => {
                let parent = path.rsplit_once('/').map_or("", |(p, _)| p);
                if !matches!(self.node(files, parent), Some(Node::Folder)) {
                    return Err(NO_SUCH_FILE);
                }
            }
        }
        let (tree, inner, read_only) = self.locate(path);
        if read_only {
            return Err(READ_ONLY);
        }
        Ok((tree, inner))
    }

    /// Makes a folder, and with `all` those above it.
    pub(crate) fn make_folder(&self, files: &mut Files, path: &str, all: bool) -> Result<(), Fault> {
        let path = clean(path);
        if self.node(files, &path).is_some() {
            return if all { Ok(()) } else { Err("File exists") };
        }
        let parent = path.rsplit_once('/').map_or("", |(p, _)| p).to_owned();
        if self.node(files, &parent).is_none() {
            if !all {
                return Err(NO_SUCH_FILE);
            }
            self.make_folder(files, &parent, true)?;
        }
        let (tree, inner, read_only) = self.locate(&path);
        if read_only {
            return Err(READ_ONLY);
        }
        files.put(tree, &inner, Node::Folder);
        Ok(())
    }

    /// Removes a file or folder with all below it.
    pub(crate) fn remove(&self, files: &mut Files, path: &str) -> Result<(), Fault> {
        let path = clean(path);
        if self.node(files, &path).is_none() {
            return Err(NO_SUCH_FILE);
        }
        let (tree, inner, read_only) = self.locate(&path);
        if read_only {
            return Err(READ_ONLY);
        }
        files.remove(tree, &inner);
        self.tell(files, tree, &inner, (None, false));
        if tree == self.layer && self.image.contains_key(&*path) {
            files.put(tree, &format!("{WHITEOUT}{path}"), Node::Folder);
        }
        Ok(())
    }

    /// The names in a folder.
    pub(crate) fn list(&self, files: &Files, path: &str) -> Vec<String> {
        let path = clean(path);
        let (tree, inner, _) = self.locate(&path);
        let mut names = files.list(tree, &inner);
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let direct = |p: &str| p.strip_prefix(&prefix).filter(|r| !r.is_empty() && !r.contains('/')).map(str::to_owned);
        if tree == self.layer {
            names.extend(self.image.keys().filter_map(|p| direct(p)).filter(|n| self.node(files, &format!("{prefix}{n}")).is_some()));
        }
        names.extend(self.mounts.iter().filter_map(|(p, ..)| direct(p)));
        names.retain(|n| !n.starts_with(WHITEOUT));
        crate::order::sort_by(&mut names, Ord::cmp);
        names.dedup();
        names
    }
}

/// Marks, in the writable layer, that a file of the image was removed.
const WHITEOUT: &str = ".wh.";

#[cfg(test)]
mod tests {
    use super::*;

    fn view(files: &mut Files) -> (View, TreeId) {
        let (layer, volume) = (files.new_tree(), files.new_tree());
        let image = SortedMap::from([
            ("etc".to_owned(), Node::Folder),
            ("tmp".to_owned(), Node::Folder),
            ("etc/hosts".to_owned(), Node::File(File::new("127.0.0.1".into(), SimTime::ZERO))),
        ]);
        (View::new(layer, Arc::new(image), vec![("/data".into(), volume, String::new(), false)]), volume)
    }

    #[test]
    fn a_volume_keeps_what_is_written_below_its_mount_point() {
        let mut files = Files::default();
        let (view, volume) = view(&mut files);
        view.write(&mut files, "/data/x", "1\n", SimTime::ZERO).unwrap();
        view.append(&mut files, "/data/x", "2\n", SimTime::ZERO).unwrap();
        assert_eq!(files.read(volume, "x"), Some("1\n2\n"));
        assert_eq!(view.list(&files, "/"), ["data", "etc", "tmp"]);
        assert_eq!(view.write(&mut files, "/nowhere/x", "", SimTime::ZERO), Err(NO_SUCH_FILE));
    }

    #[test]
    fn a_file_of_the_image_can_be_removed_and_written_again() {
        let mut files = Files::default();
        let (view, _) = view(&mut files);
        assert_eq!(view.read(&files, "/etc/hosts"), Ok("127.0.0.1"));
        view.remove(&mut files, "/etc/hosts").unwrap();
        assert_eq!(view.read(&files, "/etc/hosts"), Err(NO_SUCH_FILE));
        assert_eq!(view.list(&files, "/etc"), Vec::<String>::new());
        view.write(&mut files, "/etc/hosts", "new", SimTime::ZERO).unwrap();
        assert_eq!(view.read(&files, "/etc/hosts"), Ok("new"));
    }
}
