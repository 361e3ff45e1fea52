//! The tree of a script. Lists are shared, since loops and functions run them many times.

use std::rc::Rc;
use std::sync::Arc;

use crate::sim::program::process::Argv;

/// Commands one after another.
pub(crate) type List = Rc<[Item]>;

/// `a && b || c`, perhaps with `&` behind it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) first: Pipeline,
    /// Whether `&&` (else `||`) stands before each.
    pub(crate) rest: Vec<(bool, Pipeline)>,
    pub(crate) background: bool,
}

/// `! a | b | c`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pipeline {
    pub(crate) negated: bool,
    pub(crate) commands: Vec<Command>,
}

/// One command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    Simple(Rc<Simple>),
    Compound(Rc<Compound>, Rc<[Redirection]>),
    Function(Arc<str>, Rc<Command>),
}

/// Assignments, words and redirections.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Simple {
    pub(crate) assignments: Vec<(String, Word)>,
    pub(crate) words: Vec<Word>,
    pub(crate) redirections: Vec<Redirection>,
    /// Line within the script, from 0.
    pub(crate) line: u32,
    /// As written.
    pub(crate) text: Arc<str>,
    /// The words, if they are the same whenever it runs.
    pub(crate) plain: Option<Argv>,
    /// Whether other commands run inside its words.
    pub(crate) substitutes: bool,
}

/// A command with lists inside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Compound {
    Group(List),
    Subshell(List),
    If { arms: Vec<(List, List)>, otherwise: Option<List> },
    Loop { until: bool, condition: List, body: List },
    For { name: String, words: Option<Vec<Word>>, body: List },
    Case { word: Word, arms: Vec<(Vec<Word>, List)> },
}

/// A word of parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Word(pub(crate) Vec<Part>);

/// A part of a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Text { text: String, quoted: bool },
    Parameter { name: String, operator: Operator, quoted: bool },
    Command { list: List, quoted: bool },
    Arithmetic { word: Word },
}

/// What `${...}` does with a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operator {
    Plain,
    Length,
    /// `:-`, `:=`, `:?`, `:+` and the forms without colon.
    Default {
        kind: char,
        colon: bool,
        word: Word,
    },
    /// `#`, `##`, `%`, `%%`.
    Trim {
        suffix: bool,
        longest: bool,
        pattern: Word,
    },
}

/// `2> file`, `< file`, `2>&1`, a here-document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Redirection {
    pub(crate) fd: u32,
    pub(crate) kind: RedirectionKind,
    pub(crate) target: Word,
}

/// What a redirection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RedirectionKind {
    Read,
    Write,
    Append,
    Duplicate,
    /// The target is the text itself.
    Here,
}
