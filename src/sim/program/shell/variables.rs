//! A shell's variables, and those of them that commands get. What is not changed is shared with whoever gave it.

use std::sync::Arc;

use crate::order::{SortedMap, SortedSet};

/// What a process finds in its environment.
pub(crate) type Env = Arc<SortedMap<String, String>>;

/// The variables of one shell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Variables {
    all: Env,
    /// The environment that the shell was given: its names stay exported.
    given: Env,
    exported: SortedSet<String>,
    /// What commands get, until an exported variable changes.
    passed: Option<Env>,
}

impl Variables {
    /// Those of a shell with this environment.
    pub(crate) fn new(env: &Env) -> Self {
        Self { all: Arc::clone(env), given: Arc::clone(env), exported: SortedSet::new(), passed: Some(Arc::clone(env)) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&String> {
        self.all.get(name)
    }

    pub(crate) fn insert(&mut self, name: String, value: String) {
        if self.is_exported(&name) {
            self.passed = None;
        }
        Arc::make_mut(&mut self.all).insert(name, value);
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if self.is_exported(name) {
            self.passed = None;
        }
        Arc::make_mut(&mut self.all).remove(name);
    }

    /// Has commands get a variable from now on.
    pub(crate) fn export(&mut self, name: &str) {
        self.passed = None;
        self.exported.insert(name.to_owned());
    }

    /// What commands get.
    pub(crate) fn environment(&mut self) -> Env {
        if let Some(env) = &self.passed {
            return Arc::clone(env);
        }
        let exported = self.all.iter().filter(|(name, _)| self.is_exported(name));
        let env: Env = Arc::new(exported.map(|(k, v)| (k.clone(), v.clone())).collect());
        self.passed = Some(Arc::clone(&env));
        env
    }

    fn is_exported(&self, name: &str) -> bool {
        self.given.contains_key(name) || self.exported.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_get_what_was_given_or_exported() {
        let env: Env = Arc::new(SortedMap::from([("HOME".to_owned(), "/root".to_owned())]));
        let mut variables = Variables::new(&env);
        assert!(Arc::ptr_eq(&variables.environment(), &env));
        variables.insert("x".into(), "1".into());
        assert!(Arc::ptr_eq(&variables.environment(), &env));
        variables.export("x");
        variables.insert("HOME".into(), "/".into());
        let expected = SortedMap::from([("HOME".to_owned(), "/".to_owned()), ("x".to_owned(), "1".to_owned())]);
        assert_eq!(*variables.environment(), expected);
        variables.remove("HOME");
        assert_eq!(variables.environment().len(), 1);
        variables.insert("HOME".into(), "/home".into());
        assert_eq!(variables.environment().len(), 2);
    }
}
