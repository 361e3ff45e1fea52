//! Words: quotes, parameters, substitutions, arithmetic.

use super::ast::{Operator, Part, Word};
use super::parser::{Parse, Parser};

impl Parser {
    /// The words of `[[ ... ]]`, which are neither split nor matched against files. Operators become those of `test`.
    pub(super) fn conditional(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        let plain = |text: &str| Word(vec![Part::Text { text: text.to_owned(), quoted: true }]);
        loop {
            self.newlines();
            if self.at_word("]]") {
                self.at += 2;
                words.push(plain("]]"));
                return Ok(());
            }
            let operators = [("&&", "-a"), ("||", "-o"), ("(", "("), (")", ")"), ("<", "<"), (">", ">")];
            if let Some((_, word)) = operators.into_iter().find(|(text, _)| self.eat(text)) {
                words.push(plain(word));
                continue;
            }
            let Some(mut word) = self.word()? else { return self.error("syntax error: unexpected end of file (expecting \"]]\")") };
            let is_pattern = word.0.iter().any(|p| matches!(p, Part::Text { text, quoted: false } if text.contains(['*', '?', '['])));
            if let (true, Some(Word(before))) = (is_pattern, words.last_mut())
                && let [Part::Text { text, .. }] = before.as_mut_slice()
                && matches!(text.as_str(), "=" | "==" | "!=")
            {
                text.push('*');
            }
            for part in &mut word.0 {
                match part {
                    Part::Text { quoted, .. } | Part::Parameter { quoted, .. } | Part::Command { quoted, .. } => *quoted = true,
                    Part::Arithmetic { .. } => {}
                }
            }
            words.push(word);
        }
    }

    /// A word, if one stands here.
    pub(super) fn word(&mut self) -> Parse<Option<Word>> {
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None => break,
                Some(c) if c.is_whitespace() || matches!(c, ';' | '&' | '|' | '<' | '>' | '(' | ')') => break,
                Some('\'') => {
                    self.at += 1;
                    let text = self.until_quote()?;
                    parts.push(Part::Text { text, quoted: true });
                }
                Some('"') => {
                    self.at += 1;
                    parts.push(Part::Text { text: String::new(), quoted: true });
                    self.double_quoted(&mut parts)?;
                }
                Some('\\') => {
                    self.at += 1;
                    if self.peek() == Some('\n') {
                        self.at += 1;
                        continue;
                    }
                    let text = self.peek().map(String::from).unwrap_or_default();
                    self.at += 1;
                    parts.push(Part::Text { text, quoted: true });
                }
                Some('$' | '`') => self.dollar(&mut parts, false)?,
                Some(c) => {
                    push_char(&mut parts, c, false);
                    self.at += 1;
                }
            }
        }
        Ok(if parts.is_empty() { None } else { Some(Word(parts)) })
    }

    fn until_quote(&mut self) -> Parse<String> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return self.error("syntax error: unterminated quoted string"),
                Some('\'') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(c) => text.push(c),
            }
            self.at += 1;
        }
    }

    fn double_quoted(&mut self, parts: &mut Vec<Part>) -> Parse<()> {
        loop {
            match self.peek() {
                None => return self.error("syntax error: unterminated quoted string"),
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(c @ ('$' | '`' | '"' | '\\')) => push_char(parts, c, true),
                        Some('\n') => {}
                        Some(c) => {
                            push_char(parts, '\\', true);
                            push_char(parts, c, true);
                        }
                        None => {}
                    }
                    self.at += 1;
                }
                Some('$' | '`') => self.dollar(parts, true)?,
                Some(c) => {
                    push_char(parts, c, true);
                    self.at += 1;
                }
            }
        }
    }

    /// The text of a here-document: like double quotes, but quotes are plain.
    pub(super) fn here_word(&mut self) -> Parse<Word> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '$' | '`' => self.dollar(&mut parts, true)?,
                '\\' if matches!(self.peek_at(1), Some('$' | '`' | '\\')) => {
                    push_char(&mut parts, self.peek_at(1).unwrap_or('\\'), true);
                    self.at += 2;
                }
                c => {
                    push_char(&mut parts, c, true);
                    self.at += 1;
                }
            }
        }
        Ok(Word(parts))
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Parse<()> {
        if self.eat("`") {
            return self.backquoted(parts, quoted);
        }
        self.at += 1;
        if self.eat("((") {
            let word = self.arithmetic_word()?;
            parts.push(Part::Arithmetic { word });
            return Ok(());
        }
        if self.eat("(") {
            let list = self.list(&[])?;
            if !self.eat(")") {
                return self.error("syntax error: unexpected end of file (expecting \")\")");
            }
            parts.push(Part::Command { list, quoted });
            return Ok(());
        }
        if self.eat("{") {
            let part = self.braced(quoted)?;
            parts.push(part);
            return Ok(());
        }
        let name = match self.peek() {
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*' | '-' | '0'..='9')) => {
                self.at += 1;
                c.to_string()
            }
            _ => self.name(),
        };
        if name.is_empty() {
            push_char(parts, '$', quoted);
        } else {
            parts.push(Part::Parameter { name, operator: Operator::Plain, quoted });
        }
        Ok(())
    }

    fn backquoted(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Parse<()> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return self.error("syntax error: EOF in backquote substitution"),
                Some('`') => break,
                Some('\\') if matches!(self.peek_at(1), Some('`' | '\\' | '$')) => {
                    self.at += 1;
                    text.extend(self.peek());
                }
                Some(c) => text.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        let mut inner = Parser::new(&text);
        inner.depth = self.depth;
        let list = inner.list(&[])?;
        parts.push(Part::Command { list, quoted });
        Ok(())
    }

    /// Up to the closing `))`, with parameters and substitutions inside.
    fn arithmetic_word(&mut self) -> Parse<Word> {
        let mut parts = Vec::new();
        let mut open = 0_u32;
        loop {
            match self.peek() {
                None => return self.error("syntax error: missing '))'"),
                Some(')') if open == 0 && self.peek_at(1) == Some(')') => {
                    self.at += 2;
                    return Ok(Word(parts));
                }
                Some('$' | '`') => {
                    self.dollar(&mut parts, true)?;
                    continue;
                }
                Some(c) => {
                    open = match c {
                        '(' => open + 1,
                        ')' => open.saturating_sub(1),
                        _ => open,
                    };
                    push_char(&mut parts, c, true);
                }
            }
            self.at += 1;
        }
    }

    fn braced(&mut self, quoted: bool) -> Parse<Part> {
        if self.peek() == Some('#') && self.peek_at(1) != Some('}') {
            self.at += 1;
            let name = self.parameter_name();
            return self.close(Part::Parameter { name, operator: Operator::Length, quoted });
        }
        let name = self.parameter_name();
        let colon = self.eat(":");
        let operator = match self.peek() {
            Some(kind @ ('-' | '=' | '?' | '+')) => {
                self.at += 1;
                Operator::Default { kind, colon, word: self.operand()? }
            }
            Some(c @ ('#' | '%')) if !colon => {
                self.at += 1;
                let longest = self.eat(&c.to_string());
                Operator::Trim { suffix: c == '%', longest, pattern: self.operand()? }
            }
            Some('}') if !colon && !name.is_empty() => Operator::Plain,
            _ => return self.error("syntax error: bad substitution"),
        };
        self.close(Part::Parameter { name, operator, quoted })
    }

    fn parameter_name(&mut self) -> String {
        match self.peek() {
            Some(c @ ('?' | '$' | '!' | '#' | '@' | '*' | '-')) => {
                self.at += 1;
                c.to_string()
            }
            Some('0'..='9') => {
                let digits: String = self.text.iter().skip(self.at).take_while(|c| c.is_ascii_digit()).collect();
                self.at += digits.len();
                digits
            }
            _ => self.name(),
        }
    }

    fn close(&mut self, part: Part) -> Parse<Part> {
        if self.eat("}") { Ok(part) } else { self.error("syntax error: bad substitution") }
    }

    /// The word behind an operator, up to the closing brace.
    fn operand(&mut self) -> Parse<Word> {
        self.depth += 1;
        if self.depth > 60 {
            return self.error("syntax error: nested too deeply");
        }
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None => return self.error("syntax error: missing '}'"),
                Some('}') => {
                    self.depth -= 1;
                    return Ok(Word(parts));
                }
                Some('\'') => {
                    self.at += 1;
                    let text = self.until_quote()?;
                    parts.push(Part::Text { text, quoted: true });
                }
                Some('"') => {
                    self.at += 1;
                    self.double_quoted(&mut parts)?;
                }
                Some('\\') => {
                    self.at += 1;
                    push_char(&mut parts, self.peek().unwrap_or('\\'), true);
                    self.at += 1;
                }
                Some('$' | '`') => self.dollar(&mut parts, false)?,
                Some(c) => {
                    push_char(&mut parts, c, false);
                    self.at += 1;
                }
            }
        }
    }
}

fn push_char(parts: &mut Vec<Part>, c: char, is_quoted: bool) {
    if let Some(Part::Text { text, quoted }) = parts.last_mut()
        && *quoted == is_quoted
    {
        text.push(c);
        return;
    }
    parts.push(Part::Text { text: c.into(), quoted: is_quoted });
}
