//! Script text to tree. What is not understood is an error with its line, in the words of busybox's shell.

use std::rc::Rc;

use super::ast::{Command, Compound, Item, List, Pipeline, Redirection, RedirectionKind, Simple, Word};
use super::expand;

/// Why a script cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Line within the script, from 0.
    pub(crate) line: u32,
    pub(crate) message: String,
}

pub(super) type Parse<T> = Result<T, SyntaxError>;

/// How deeply commands may nest.
const DEPTH: u32 = 60;

/// Reads a script.
pub(crate) fn parse(text: &str) -> Parse<List> {
    let mut parser = Parser::new(text);
    let list = parser.list(&[])?;
    if parser.at < parser.text.len() {
        return parser.unexpected();
    }
    Ok(list)
}

/// A cursor over the script's characters.
pub(super) struct Parser {
    pub(super) text: Vec<char>,
    pub(super) at: usize,
    pub(super) depth: u32,
}

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.chars().collect(), at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(i, c)| self.peek_at(i) == Some(c));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    pub(super) fn line(&self) -> u32 {
        let lines = self.text.iter().take(self.at).filter(|c| **c == '\n').count();
        u32::try_from(lines).unwrap_or(u32::MAX)
    }

    pub(super) fn error<T>(&self, message: impl Into<String>) -> Parse<T> {
        Err(SyntaxError { line: self.line(), message: message.into() })
    }

    fn unexpected<T>(&self) -> Parse<T> {
        let what: String = match self.peek() {
            None => "end of file".into(),
            Some('\n') => "newline".into(),
            Some(_) => {
                let word: String = self.text.iter().skip(self.at).take_while(|c| c.is_ascii_alphanumeric()).collect();
                format!("\"{}\"", if word.is_empty() { self.peek().map(String::from).unwrap_or_default() } else { word })
            }
        };
        self.error(format!("syntax error: unexpected {what}"))
    }

    /// Skips blanks and comments, not newlines.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek_at(1) == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Skips blanks, newlines and comments.
    pub(super) fn newlines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.at += 1;
        }
    }

    fn deeper(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > DEPTH { self.error("syntax error: nested too deeply") } else { Ok(()) }
    }

    /// A list until one of the words, or the end.
    pub(super) fn list(&mut self, until: &[&str]) -> Parse<List> {
        self.deeper()?;
        let mut items = Vec::new();
        loop {
            self.newlines();
            if self.peek().is_none() || self.at_any(until) {
                break;
            }
            if self.peek() == Some(')') || self.text.get(self.at..).is_some_and(|t| t.starts_with(&[';', ';'])) {
                break;
            }
            items.push(self.item()?);
        }
        self.depth -= 1;
        Ok(items.into())
    }

    fn at_any(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.at_word(w))
    }

    /// Whether a reserved word stands here, on its own.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let fits = word.chars().enumerate().all(|(i, c)| self.peek_at(i) == Some(c));
        let after = self.peek_at(word.chars().count());
        fits && (word == "}" || word == ")" || after.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '(' | ')' | '&' | '|')))
    }

    fn expect(&mut self, word: &str) -> Parse<()> {
        self.newlines();
        if self.at_word(word) {
            self.at += word.chars().count();
            return Ok(());
        }
        match self.unexpected::<()>() {
            Err(e) => Err(SyntaxError { message: format!("{} (expecting \"{word}\")", e.message), ..e }),
            ok => ok,
        }
    }

    fn item(&mut self) -> Parse<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            if self.eat("&&") {
                self.newlines();
                rest.push((true, self.pipeline()?));
            } else if self.eat("||") {
                self.newlines();
                rest.push((false, self.pipeline()?));
            } else {
                break;
            }
        }
        let mut background = false;
        match self.peek() {
            Some('&') => {
                background = true;
                self.at += 1;
            }
            Some(';') if self.peek_at(1) != Some(';') => self.at += 1,
            Some('\n' | ')' | ';') | None => {}
            Some(_) if self.at_word("}") => {}
            Some(_) => return self.unexpected(),
        }
        Ok(Item { first, rest, background })
    }

    fn pipeline(&mut self) -> Parse<Pipeline> {
        self.blanks();
        let mut negated = false;
        while self.at_word("!") {
            self.at += 1;
            negated = !negated;
            self.blanks();
        }
        let mut commands = vec![self.command()?];
        loop {
            self.blanks();
            if self.peek() == Some('|') && self.peek_at(1) != Some('|') {
                self.at += 1;
                self.newlines();
                commands.push(self.command()?);
            } else {
                return Ok(Pipeline { negated, commands });
            }
        }
    }

    fn command(&mut self) -> Parse<Command> {
        self.blanks();
        let compound = if self.at_word("{") {
            self.at += 1;
            let list = self.list(&["}"])?;
            self.expect("}")?;
            Compound::Group(list)
        } else if self.peek() == Some('(') {
            self.at += 1;
            let list = self.list(&[])?;
            self.expect(")")?;
            Compound::Subshell(list)
        } else if self.at_word("if") {
            self.if_command()?
        } else if self.at_word("while") || self.at_word("until") {
            self.loop_command()?
        } else if self.at_word("for") {
            self.for_command()?
        } else if self.at_word("case") {
            self.case_command()?
        } else {
            return self.simple_or_function();
        };
        let mut redirections = Vec::new();
        loop {
            self.blanks();
            match self.redirection()? {
                Some(r) => redirections.push(r),
                None => return Ok(Command::Compound(Rc::new(compound), redirections.into())),
            }
        }
    }

    fn if_command(&mut self) -> Parse<Compound> {
        self.at += 2;
        let mut arms = Vec::new();
        loop {
            let condition = self.list(&["then"])?;
            self.expect("then")?;
            let body = self.list(&["elif", "else", "fi"])?;
            arms.push((condition, body));
            if self.at_word("elif") {
                self.at += 4;
            } else {
                break;
            }
        }
        let mut otherwise = None;
        if self.at_word("else") {
            self.at += 4;
            otherwise = Some(self.list(&["fi"])?);
        }
        self.expect("fi")?;
        Ok(Compound::If { arms, otherwise })
    }

    fn loop_command(&mut self) -> Parse<Compound> {
        let until = self.at_word("until");
        self.at += 5;
        let condition = self.list(&["do"])?;
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(Compound::Loop { until, condition, body })
    }

    fn for_command(&mut self) -> Parse<Compound> {
        self.at += 3;
        self.blanks();
        let name = self.name();
        self.newlines();
        let mut words = None;
        if self.at_word("in") {
            self.at += 2;
            let mut list = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(word) => list.push(word),
                    None => break,
                }
            }
            words = Some(list);
        }
        self.blanks();
        self.eat(";");
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(Compound::For { name, words, body })
    }

    fn case_command(&mut self) -> Parse<Compound> {
        self.at += 4;
        self.blanks();
        let Some(word) = self.word()? else { return self.unexpected() };
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.at_word("esac") {
                break;
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                let Some(pattern) = self.word()? else { return self.unexpected() };
                patterns.push(pattern);
                self.blanks();
                if !self.eat("|") {
                    break;
                }
            }
            self.expect(")")?;
            let body = self.list(&["esac"])?;
            self.eat(";;");
            arms.push((patterns, body));
        }
        self.expect("esac")?;
        Ok(Compound::Case { word, arms })
    }

    fn simple_or_function(&mut self) -> Parse<Command> {
        let start = self.at;
        let line = self.line();
        let mut simple = Simple { line, ..Simple::default() };
        loop {
            self.blanks();
            if let Some(redirection) = self.redirection()? {
                simple.redirections.push(redirection);
                continue;
            }
            if simple.words.is_empty()
                && let Some((name, value)) = self.assignment()?
            {
                simple.assignments.push((name, value));
                continue;
            }
            let before = self.at;
            let Some(word) = self.word()? else { break };
            let first = simple.words.is_empty() && simple.assignments.is_empty();
            let name: String = self.text.get(before..self.at).unwrap_or_default().iter().collect();
            simple.words.push(word);
            self.blanks();
            if first && name == "[[" {
                self.conditional(&mut simple.words)?;
                continue;
            }
            if first && self.peek() == Some('(') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
                self.at += 1;
                self.expect(")")?;
                self.newlines();
                self.deeper()?;
                let body = self.command()?;
                self.depth -= 1;
                return Ok(Command::Function(name.into(), Rc::new(body)));
            }
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && simple.redirections.is_empty() {
            return self.unexpected();
        }
        let text: String = self.text.get(start..self.at).unwrap_or_default().iter().collect();
        simple.text = text.trim().into();
        let words = simple.assignments.iter().map(|(_, w)| w).chain(&simple.words).chain(simple.redirections.iter().map(|r| &r.target));
        simple.substitutes = !expand::substitutions(words).is_empty();
        simple.plain = simple.words.iter().map(|word| expand::plain(word).map(str::to_owned)).collect();
        Ok(Command::Simple(Rc::new(simple)))
    }

    fn assignment(&mut self) -> Parse<Option<(String, Word)>> {
        let start = self.at;
        let name = self.name();
        if name.is_empty() || self.peek() != Some('=') {
            self.at = start;
            return Ok(None);
        }
        self.at += 1;
        Ok(Some((name, self.word()?.unwrap_or_default())))
    }

    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            if name.is_empty() && c.is_ascii_digit() {
                break;
            }
            name.push(c);
            self.at += 1;
        }
        name
    }

    fn redirection(&mut self) -> Parse<Option<Redirection>> {
        let start = self.at;
        let digits: String = self.text.iter().skip(self.at).take_while(|c| c.is_ascii_digit()).take(2).collect();
        let operator = self.peek_at(digits.len());
        if !matches!(operator, Some('<' | '>')) {
            return Ok(None);
        }
        self.at += digits.len();
        let (default, kind) = if self.eat("<<") {
            return self.here(digits.parse().unwrap_or(0)).map(Some);
        } else if self.eat("<&") {
            (0, RedirectionKind::Duplicate)
        } else if self.eat("<") {
            (0, RedirectionKind::Read)
        } else if self.eat(">>") {
            (1, RedirectionKind::Append)
        } else if self.eat(">&") {
            (1, RedirectionKind::Duplicate)
        } else {
            self.at += 1;
            self.eat("|");
            (1, RedirectionKind::Write)
        };
        self.blanks();
        match self.word()? {
            Some(target) => Ok(Some(Redirection { fd: digits.parse().unwrap_or(default), kind, target })),
            None => {
                self.at = start;
                self.unexpected()
            }
        }
    }

    /// `<<EOF`: the text follows the line, but is read ahead here, so that the tree is whole at once.
    fn here(&mut self, fd: u32) -> Parse<Redirection> {
        let strip = self.eat("-");
        self.blanks();
        let quoted = matches!(self.peek(), Some('\'' | '"' | '\\'));
        let mut mark = String::new();
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() && !matches!(c, ';' | '&' | '|' | '<' | '>' | '(' | ')')) {
            if !matches!(c, '\'' | '"' | '\\') {
                mark.push(c);
            }
            self.at += 1;
        }
        let target = self.here_body(&mark, strip, quoted)?;
        Ok(Redirection { fd, kind: RedirectionKind::Here, target })
    }

    /// The lines after this one, until the mark; cut out of the text, so that nobody reads them again.
    fn here_body(&mut self, mark: &str, strip: bool, quoted: bool) -> Parse<Word> {
        let Some(newline) = (self.at..self.text.len()).find(|i| self.text.get(*i) == Some(&'\n')) else {
            return Ok(Word::default());
        };
        let rest: String = self.text.iter().skip(newline + 1).collect();
        let mut body = String::new();
        let mut used = 0;
        for line in rest.split_inclusive('\n') {
            used += line.chars().count();
            let plain = if strip { line.trim_start_matches('\t') } else { line };
            if plain.trim_end_matches('\n') == mark {
                break;
            }
            body.push_str(plain);
        }
        self.text.drain(newline + 1..newline + 1 + used);
        if quoted {
            return Ok(Word(vec![super::ast::Part::Text { text: body, quoted: true }]));
        }
        let mut inner = Self::new(&body);
        inner.depth = self.depth;
        inner.here_word()
    }
}
