//! The processes of a container by number. There are few, so a list in the order of numbers is the fastest map.

use super::process::{Pid, Process};

/// The list. The process that is running right now is out of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Processes(Vec<(Pid, Option<Box<Process>>)>);

impl Processes {
    fn place(&self, pid: Pid) -> Option<usize> {
        self.0.iter().position(|(p, _)| *p == pid)
    }

    pub(crate) fn get(&self, pid: Pid) -> Option<&Process> {
        self.0.get(self.place(pid)?)?.1.as_deref()
    }

    pub(crate) fn get_mut(&mut self, pid: Pid) -> Option<&mut Process> {
        let place = self.place(pid)?;
        self.0.get_mut(place)?.1.as_deref_mut()
    }

    /// Every process, lowest number first.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Process> {
        self.0.iter().filter_map(|(_, p)| p.as_deref())
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Process> {
        self.0.iter_mut().filter_map(|(_, p)| p.as_deref_mut())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.values().count()
    }

    /// Adds a process with the highest number so far.
    pub(crate) fn add(&mut self, process: Box<Process>) {
        self.0.push((process.pid, Some(process)));
    }

    /// Takes a process out to run it; its place is kept.
    pub(crate) fn take(&mut self, pid: Pid) -> Option<Box<Process>> {
        let place = self.place(pid)?;
        self.0.get_mut(place)?.1.take()
    }

    /// Puts it back.
    pub(crate) fn put(&mut self, process: Box<Process>) {
        let pid = process.pid;
        let place = self.0.iter().position(|(p, _)| *p >= pid).unwrap_or(self.0.len());
        match self.0.get_mut(place).filter(|(p, _)| *p == pid) {
            Some((_, kept)) => *kept = Some(process),
            None => self.0.insert(place, (pid, Some(process))),
        }
    }

    /// Forgets a process.
    pub(crate) fn remove(&mut self, pid: Pid) {
        if let Some(place) = self.place(pid) {
            self.0.remove(place);
        }
    }

    /// Forgets those that are not kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Process) -> bool) {
        self.0.retain(|(_, p)| p.as_deref().is_none_or(&keep));
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
