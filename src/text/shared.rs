//! Text that many hold: written once, then shared.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text that is cheap to clone: a word of Kubernetes' own, or one that is shared.
#[derive(Clone)]
pub struct Shared(Repr);

#[derive(Clone)]
enum Repr {
    Word(&'static str),
    Text(Arc<str>),
}

impl Shared {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Word(word) => word,
            Repr::Text(text) => text,
        }
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self(Repr::Word(""))
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&'static str> for Shared {
    fn from(word: &'static str) -> Self {
        Self(Repr::Word(word))
    }
}

impl From<Arc<str>> for Shared {
    fn from(text: Arc<str>) -> Self {
        Self(Repr::Text(text))
    }
}

impl From<&Arc<str>> for Shared {
    fn from(text: &Arc<str>) -> Self {
        Self(Repr::Text(Arc::clone(text)))
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::default() } else { Self(Repr::Text(text.into())) }
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Text(one), Repr::Text(two)) if Arc::ptr_eq(one, two) => true,
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for Shared {}

impl PartialOrd for Shared {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shared {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialEq<str> for Shared {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<String> for Shared {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Shared {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
