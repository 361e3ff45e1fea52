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
    /// A file's text, and when it was last written.
    File(Arc<str>, SimTime),
    /// A folder.
    Folder,
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
    trees: Vec<SortedMap<String, Node>>,
    /// Whether something was left out because a bound was reached, and nobody was told yet.
    pub(crate) exceeded: bool,
    /// What was done to the files of volumes since it was last taken.
    pub(crate) done: Vec<Done>,
    /// What reading and writing has cost since it was last taken, in steps of a program.
    pub(crate) work: Cell<u64>,
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
        self.trees.push(SortedMap::new());
        TreeId(u32::try_from(self.trees.len() - 1).unwrap_or(u32::MAX))
    }

    /// Writes a file, with the folders above it. `path` is relative to the tree's root.
    pub fn write(&mut self, tree: TreeId, path: &str, contents: &str, now: SimTime) {
        let path = clean(path);
        self.costs(contents.len() / BYTES_A_STEP);
        for folder in parents(&path) {
            self.put(tree, folder, Node::Folder);
        }
        let start = (contents.len().saturating_sub(FILE_BYTES)..=contents.len()).find(|i| contents.is_char_boundary(*i)).unwrap_or(0);
        self.exceeded |= start > 0;
        self.put(tree, &path, Node::File(contents.get(start..).unwrap_or_default().into(), now));
    }

    /// Counts work, so that a program that does much of it comes to its end.
    pub(crate) fn costs(&self, steps: usize) {
        self.work.set(self.work.get().saturating_add(u64::try_from(steps).unwrap_or(u64::MAX)));
    }

    /// The text of a file.
    pub fn read(&self, tree: TreeId, path: &str) -> Option<&str> {
        match self.node(tree, &clean(path))? {
            Node::File(text, _) => Some(text),
            Node::Folder => None,
        }
    }

    /// What stands at a cleaned path; the root is a folder.
    pub(crate) fn node(&self, tree: TreeId, path: &str) -> Option<&Node> {
        if path.is_empty() {
            return Some(&Node::Folder);
        }
        self.trees.get(tree.0 as usize)?.get(path)
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
        self.trees.get(tree.0 as usize).is_none_or(SortedMap::is_empty)
    }

    pub(crate) fn put(&mut self, tree: TreeId, path: &str, node: Node) {
        let Some(tree) = self.trees.get_mut(tree.0 as usize) else { return };
        if tree.len() < FILES || tree.contains_key(path) {
            tree.insert(path.to_owned(), node);
        } else {
            self.exceeded = true;
        }
    }

    pub(crate) fn remove(&mut self, tree: TreeId, path: &str) {
        let below = format!("{path}/");
        if let Some(tree) = self.trees.get_mut(tree.0 as usize) {
            tree.retain(|p, _| p != path && !p.starts_with(&below));
        }
    }

    /// The names directly below a folder.
    pub(crate) fn list(&self, tree: TreeId, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(tree) = self.trees.get(tree.0 as usize) else { return Vec::new() };
        self.costs(tree.len() / 8);
        tree.keys().filter_map(|p| p.strip_prefix(&prefix)).filter(|p| !p.is_empty() && !p.contains('/')).map(str::to_owned).collect()
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
}

/// Why a file operation failed, in the words of the C library.
pub(crate) type Fault = &'static str;

pub(crate) const NO_SUCH_FILE: Fault = "No such file or directory";
const IS_FOLDER: Fault = "Is a directory";
const READ_ONLY: Fault = "Read-only file system";

impl View {
    pub(crate) fn new(layer: TreeId, image: Arc<SortedMap<String, Node>>, mut mounts: Vec<(String, TreeId, String, bool)>) -> Self {
        for mount in &mut mounts {
            mount.0 = clean(&mount.0).into_owned();
            mount.2 = clean(&mount.2).into_owned();
        }
        crate::order::sort_by_key(&mut mounts, |m| std::cmp::Reverse(m.0.len()));
        Self { layer, image, mounts }
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
        (self.layer, path.into(), false)
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
            Some(Node::File(text, _)) => Ok(text),
            Some(Node::Folder) => Err(IS_FOLDER),
            None => Err(NO_SUCH_FILE),
        }
    }

    /// Puts a text in a file's place.
    pub(crate) fn write(&self, files: &mut Files, path: &str, text: &str, now: SimTime) -> Result<(), Fault> {
        let path = clean(path);
        let (tree, inner) = self.writable(files, &path)?;
        files.write(tree, &inner, text, now);
        self.tell(files, tree, &inner, (Some(text), false));
        Ok(())
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
        let whole = self.read(files, &path).unwrap_or_default().to_owned() + text;
        files.write(tree, &inner, &whole, now);
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
            ("etc/hosts".to_owned(), Node::File("127.0.0.1".into(), SimTime::ZERO)),
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
