//! A POSIX shell: text to tree, tree to steps.

pub(crate) mod arithmetic;
pub(crate) mod ast;
pub(crate) mod builtins;
pub(crate) mod expand;
pub(crate) mod machine;
pub(crate) mod parser;
mod parser_words;
pub(crate) mod pattern;
mod redirect;
mod run;
pub(crate) mod variables;
