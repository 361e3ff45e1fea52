//! What one container sees of the files: mounted trees over its writable layer over its image.

use std::borrow::Cow;
use std::sync::Arc;

use super::fs::{Done, Files, Node, TreeId, bytes, clean};
use crate::order::SortedMap;
use crate::time::SimTime;

/// The view of one container.
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
    use super::super::fs::File;
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
