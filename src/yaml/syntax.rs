//! What is wrong with a text that is not YAML, in plain words and in those of the API server.

use saphyr_parser::ScanError;

use crate::text::{Diagnostic, Span};

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What the API server would say: `yaml: line 6: did not find expected key`. (go-yaml's words and line numbers)
    pub server: String,
    /// Where it went wrong.
    pub span: Span,
}

/// A kind of mistake: what the parser calls it, what go-yaml calls it, and what people should read.
struct Kind {
    /// A part of the event parser's message.
    parser: &'static str,
    /// go-yaml's message.
    go: &'static str,
    /// Whether go-yaml finds it while scanning; its line is the right one then, else one too low.
    scanner: bool,
    code: &'static str,
    message: &'static str,
    help: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        parser: "did not find expected key",
        go: "did not find expected key",
        scanner: false,
        code: "yaml/indentation",
        message: "this line does not fit the lines above it",
        help: "fields of one object must start in the same column; after `- ` they start two columns to the right of the dash",
    },
    Kind {
        parser: "did not find expected '-' indicator",
        go: "did not find expected '-' indicator",
        scanner: false,
        code: "yaml/indentation",
        message: "this line does not fit the list above it",
        help: "each element of a list starts with `- ` in the same column",
    },
    Kind {
        parser: "did not find expected node content",
        go: "did not find expected node content",
        scanner: false,
        code: "yaml/value",
        message: "a value is missing here",
        help: "give a value, or put text with special characters in quotes",
    },
    Kind {
        parser: "expected ',' or ']'",
        go: "did not find expected ',' or ']'",
        scanner: false,
        code: "yaml/bracket",
        message: "this list in brackets is not closed, or a comma is missing",
        help: "write `[a, b]`",
    },
    Kind {
        parser: "expected ',' or '}'",
        go: "did not find expected ',' or '}'",
        scanner: false,
        code: "yaml/bracket",
        message: "this mapping in braces is not closed, or a comma is missing",
        help: "write `{a: 1, b: 2}`",
    },
    Kind {
        parser: "illegal placement of ':'",
        go: "did not find expected ',' or ']'",
        scanner: false,
        code: "yaml/bracket",
        message: "the list in brackets above is not closed, or a comma is missing",
        help: "write `[a, b]`",
    },
    Kind {
        parser: "mapping values are not allowed",
        go: "mapping values are not allowed in this context",
        scanner: true,
        code: "yaml/colon",
        message: "a second `: ` in one value",
        help: "put the value in quotes, or check the indentation of this line and the one above",
    },
    Kind {
        parser: "unprintable",
        go: "control characters are not allowed",
        scanner: true,
        code: "yaml/character",
        message: "a control character is not allowed here",
        help: "remove it",
    },
    Kind {
        parser: "tab",
        go: "found character that cannot start any token",
        scanner: true,
        code: "yaml/tab",
        message: "a tab is used for indentation",
        help: "YAML is indented with spaces only",
    },
    Kind {
        parser: "unexpected character",
        go: "found character that cannot start any token",
        scanner: true,
        code: "yaml/character",
        message: "a value cannot begin with this character",
        help: "put the value in quotes",
    },
    Kind {
        parser: "simple key expect",
        go: "could not find expected ':'",
        scanner: true,
        code: "yaml/colon",
        message: "a `:` is missing after this key",
        help: "write `key: value`, with a space after the colon",
    },
    Kind {
        parser: "invalid indentation in quoted scalar",
        go: "found unexpected end of stream",
        scanner: true,
        code: "yaml/quote",
        message: "a quote is opened and not closed",
        help: "close the quote on the same line",
    },
    Kind {
        parser: "end of stream",
        go: "found unexpected end of stream",
        scanner: true,
        code: "yaml/quote",
        message: "a quote is opened and not closed",
        help: "close the quote",
    },
    Kind {
        parser: "trailing content after double-quoted",
        go: "did not find expected key",
        scanner: false,
        code: "yaml/quote",
        message: "there is text after the closing quote",
        help: "put the whole value in quotes; a quote inside is written `\\\"`",
    },
    Kind {
        parser: "unknown escape",
        go: "found unknown escape character",
        scanner: true,
        code: "yaml/escape",
        message: "this escape does not exist in double quotes",
        help: "write `\\\\` for a backslash, or use single quotes",
    },
    Kind {
        parser: "unknown anchor",
        go: "unknown anchor",
        scanner: false,
        code: "yaml/anchor",
        message: "this alias names an anchor that does not exist",
        help: "define it before with `&name`, or put text that begins with `*` in quotes",
    },
    Kind {
        parser: "indentation",
        go: "did not find expected key",
        scanner: false,
        code: "yaml/indentation",
        message: "the indentation does not fit the lines above",
        help: "what belongs together starts in the same column",
    },
    Kind {
        parser: "misplaced bracket",
        go: "did not find expected node content",
        scanner: false,
        code: "yaml/bracket",
        message: "a bracket is closed that was not opened",
        help: "remove it, or put the text in quotes",
    },
    Kind {
        parser: "recursion limit",
        go: "exceeded max depth",
        scanner: true,
        code: "yaml/too-deep",
        message: "lists or mappings stand too deep in each other",
        help: "a manifest needs less than 30 levels",
    },
];

/// The error at `span`, which lies in line `line` (from 1) of its document.
pub(super) fn explain(error: &ScanError, span: Span, line: usize) -> (SyntaxError, Diagnostic) {
    let info = error.info();
    let Some(kind) = KINDS.iter().find(|k| info.contains(k.parser)) else {
        let server = format!("yaml: line {line}: {info}");
        return (SyntaxError { server, span }, Diagnostic::error("yaml/syntax", span, format!("this is not YAML: {info}")));
    };
    // go-yaml counts from 0 and forgets to add one for what its parser, not its scanner, finds.
    let line = if kind.scanner { line } else { line.saturating_sub(1) };
    let place = if line == 0 { String::new() } else { format!("line {line}: ") };
    let server = format!("yaml: {place}{}", kind.go);
    (SyntaxError { server, span }, Diagnostic::error(kind.code, span, kind.message).help(kind.help))
}
