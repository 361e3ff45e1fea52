//! Words to fields: parameters, substitutions (their output is handed in), splitting, file names.

use std::collections::VecDeque;

use super::arithmetic;
use super::ast::{List, Operator, Part, Word};
use super::machine::Shell;
use super::pattern;
use crate::sim::program::fs::{BYTES_A_STEP, Files};
use crate::sim::program::view::View;

/// What expansion needs beside the shell's variables.
pub(crate) struct Expander<'a> {
    pub(crate) shell: &'a mut Shell,
    pub(crate) view: &'a View,
    pub(crate) files: &'a Files,
    pub(crate) cwd: &'a str,
    pub(crate) pid: u32,
    /// The outputs of the command substitutions, in order of appearance.
    pub(crate) outputs: VecDeque<String>,
}

/// What one word may expand to.
const WORD_BYTES: usize = 1 << 20;

/// A piece of a field under construction.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    quoted: bool,
    /// A field ends before this piece (`"$@"`).
    breaks: bool,
}

/// A variable is unset though `set -u`, or `${x:?}` fired.
pub(crate) type Expansion<T> = Result<T, String>;

/// The command substitutions of words, in the order in which expansion meets them.
pub(crate) fn substitutions<'a>(words: impl Iterator<Item = &'a Word>) -> Vec<List> {
    fn collect(word: &Word, out: &mut Vec<List>) {
        for part in &word.0 {
            match part {
                Part::Command { list, .. } => out.push(list.clone()),
                Part::Arithmetic { word } => collect(word, out),
                Part::Parameter { operator: Operator::Default { word, .. } | Operator::Trim { pattern: word, .. }, .. } => {
                    collect(word, out)
                }
                Part::Text { .. } | Part::Parameter { .. } => {}
            }
        }
    }
    let mut out = Vec::new();
    for word in words {
        collect(word, &mut out);
    }
    out
}

/// The text of a word that is plain text, which stays as it is. Most words are.
pub(crate) fn plain(word: &Word) -> Option<&str> {
    let [Part::Text { text, quoted }] = word.0.as_slice() else { return None };
    let stays =
        (*quoted || !(text.contains([' ', '\t', '\n', '*', '?', '~']) || is_set(text))) && !text.is_empty() && text.len() <= WORD_BYTES;
    stays.then_some(text)
}

impl Expander<'_> {
    /// The fields of a word, behind those that are there.
    pub(crate) fn add_fields(&mut self, word: &Word, fields: &mut Vec<String>) -> Expansion<()> {
        if let Some(text) = plain(word) {
            fields.push(text.to_owned());
            return Ok(());
        }
        fields.extend(self.fields(word)?);
        Ok(())
    }

    /// A word as fields.
    pub(crate) fn fields(&mut self, word: &Word) -> Expansion<Vec<String>> {
        let pieces = self.pieces(word)?;
        let mut fields: Vec<Vec<(char, bool)>> = Vec::new();
        let mut open = false;
        for piece in pieces {
            if piece.breaks {
                open = false;
            }
            if piece.quoted {
                if !open {
                    fields.push(Vec::new());
                    open = true;
                }
                if let Some(last) = fields.last_mut() {
                    last.extend(piece.text.chars().map(|c| (c, true)));
                }
                continue;
            }
            for c in piece.text.chars() {
                if matches!(c, ' ' | '\t' | '\n') {
                    open = false;
                    continue;
                }
                if !open {
                    fields.push(Vec::new());
                    open = true;
                }
                if let Some(last) = fields.last_mut() {
                    last.push((c, false));
                }
            }
        }
        Ok(fields.into_iter().flat_map(|f| self.globbed(&f)).collect())
    }

    /// A word as one text: assignments, redirections, `case`.
    pub(crate) fn text(&mut self, word: &Word) -> Expansion<String> {
        let pieces = self.pieces(word)?;
        Ok(pieces.into_iter().enumerate().map(|(i, p)| if p.breaks && i > 0 { format!(" {}", p.text) } else { p.text }).collect())
    }

    /// A word as a pattern: what is quoted is plain.
    pub(crate) fn pattern(&mut self, word: &Word) -> Expansion<String> {
        let escape = |p: Piece| if p.quoted { p.text.chars().flat_map(|c| ['\\', c]).collect() } else { p.text };
        Ok(self.pieces(word)?.into_iter().map(escape).collect())
    }

    fn pieces(&mut self, word: &Word) -> Expansion<Vec<Piece>> {
        let mut pieces = Vec::new();
        for (index, part) in word.0.iter().enumerate() {
            match part {
                Part::Text { text, quoted } => {
                    let text = if index == 0 && !quoted && (text == "~" || text.starts_with("~/")) {
                        text.replacen('~', "/root", 1)
                    } else {
                        text.clone()
                    };
                    pieces.push(Piece { text, quoted: *quoted, breaks: false });
                }
                Part::Command { quoted, .. } => {
                    let text = self.outputs.pop_front().unwrap_or_default();
                    pieces.push(Piece { text, quoted: *quoted, breaks: false });
                }
                Part::Arithmetic { word } => {
                    let text = self.text(word)?;
                    let value = arithmetic::evaluate(&text, &mut self.shell.variables)?;
                    pieces.push(Piece { text: value.to_string(), quoted: true, breaks: false });
                }
                Part::Parameter { name, operator, quoted } => self.parameter(name, operator, *quoted, &mut pieces)?,
            }
        }
        // A word that doubles itself would use up the memory of whoever looks at it.
        let size: usize = pieces.iter().map(|p| p.text.len()).sum();
        self.files.costs(size / BYTES_A_STEP);
        if size > WORD_BYTES { Err("out of memory".to_owned()) } else { Ok(pieces) }
    }

    fn parameter(&mut self, name: &str, operator: &Operator, quoted: bool, pieces: &mut Vec<Piece>) -> Expansion<()> {
        if name == "@" && quoted && *operator == Operator::Plain {
            for (i, text) in self.shell.positional.iter().enumerate() {
                pieces.push(Piece { text: text.clone(), quoted: true, breaks: i > 0 });
            }
            return Ok(());
        }
        let value = self.value(name);
        let text = match operator {
            Operator::Plain => match value {
                Some(value) => value,
                None if self.shell.options.unset && !matches!(name, "@" | "*") => return Err(format!("{name}: parameter not set")),
                None => String::new(),
            },
            Operator::Length => value.unwrap_or_default().chars().count().to_string(),
            Operator::Trim { suffix, longest, pattern } => {
                let pattern = self.pattern(pattern)?;
                trim(&value.unwrap_or_default(), &pattern, *suffix, *longest)
            }
            Operator::Default { kind, colon, word } => {
                let set = value.as_ref().is_some_and(|v| !colon || !v.is_empty());
                let fallback = self.pieces(word)?;
                match (kind, set) {
                    ('+', true) | ('-' | '=' | '?', false) if *kind == '-' || *kind == '+' => {
                        pieces.extend(fallback.into_iter().map(|p| Piece { quoted: p.quoted || quoted, ..p }));
                        return Ok(());
                    }
                    ('=', false) => {
                        let text: String = fallback.into_iter().map(|p| p.text).collect();
                        self.shell.variables.insert(name.to_owned(), text.clone());
                        text
                    }
                    ('?', false) => {
                        let text: String = fallback.into_iter().map(|p| p.text).collect();
                        return Err(format!("{name}: {}", if text.is_empty() { "parameter not set" } else { &text }));
                    }
                    ('+', false) => String::new(),
                    _ => value.unwrap_or_default(),
                }
            }
        };
        pieces.push(Piece { text, quoted, breaks: false });
        Ok(())
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "?" => self.shell.status.to_string(),
            "#" => self.shell.positional.len().to_string(),
            "$" => self.shell.own_pid.unwrap_or(self.pid).to_string(),
            "!" => self.shell.last_background.map(|p| p.to_string())?,
            "@" | "*" => self.shell.positional.join(" "),
            "-" => String::new(),
            "0" => self.shell.name.to_string(),
            "PWD" => self.cwd.to_owned(),
            _ => match name.parse::<usize>() {
                Ok(n) => self.shell.positional.get(n.checked_sub(1)?)?.clone(),
                Err(_) => self.shell.variables.get(name)?.clone(),
            },
        })
    }

    /// A field with unquoted `*`, `?` or `[` becomes the file names that fit, if any does.
    /// The files that a field stands for, or the field itself.
    fn globbed(&self, field: &[(char, bool)]) -> Vec<String> {
        let plain: String = field.iter().map(|(c, _)| *c).collect();
        if !field.iter().any(|(c, quoted)| !quoted && matches!(c, '*' | '?')) && !is_set(&plain) {
            return vec![plain];
        }
        let escaped: String = field.iter().flat_map(|(c, q)| if *q { vec!['\\', *c] } else { vec![*c] }).collect();
        let (folder, last) = escaped.rsplit_once('/').map_or(("", escaped.as_str()), |(f, l)| (f, l));
        let path = if escaped.starts_with('/') { folder.to_owned() } else { format!("{}/{folder}", self.cwd) };
        let prefix = if escaped.contains('/') { format!("{folder}/") } else { String::new() };
        let names = self.view.list(self.files, &path);
        let found: Vec<String> = names
            .into_iter()
            .filter(|n| (!n.starts_with('.') || last.starts_with('.')) && pattern::matches(last, n))
            .map(|n| format!("{prefix}{n}"))
            .collect();
        if found.is_empty() { vec![plain] } else { found }
    }
}

/// Whether a set of characters may stand in a pattern; a lone `[` is the command of that name.
fn is_set(text: &str) -> bool {
    text.split_once('[').is_some_and(|(_, rest)| rest.contains(']'))
}

fn trim(text: &str, pattern: &str, suffix: bool, longest: bool) -> String {
    let cuts: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let fits = |cut: &&usize| {
        let part = if suffix { text.get(**cut..) } else { text.get(..**cut) };
        part.is_some_and(|p| pattern::matches(pattern, p))
    };
    // A longest prefix is looked for from the end, a longest suffix from the start.
    let found = if suffix == longest { cuts.iter().find(fits) } else { cuts.iter().rev().find(fits) };
    let kept = match found {
        Some(cut) if suffix => text.get(..*cut),
        Some(cut) => text.get(*cut..),
        None => Some(text),
    };
    kept.unwrap_or_default().to_owned()
}
