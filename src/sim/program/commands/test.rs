//! `test` and `[`.

use crate::sim::program::fs::Node;
use crate::sim::program::shell::pattern;

/// The value of an expression; `node` looks a path up.
///
/// # Errors
/// What the shell says about it.
pub(crate) fn evaluate<'a>(args: &[String], node: &impl Fn(&str) -> Option<&'a Node>) -> Result<bool, String> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut parser = Parser { words: &words, at: 0, node };
    if words.is_empty() {
        return Ok(false);
    }
    let value = parser.or()?;
    if parser.at < words.len() { Err(format!("{}: unknown operand", words.get(parser.at).copied().unwrap_or_default())) } else { Ok(value) }
}

struct Parser<'w, F> {
    words: &'w [&'w str],
    at: usize,
    node: &'w F,
}

impl<'a, F: Fn(&str) -> Option<&'a Node>> Parser<'_, F> {
    fn peek(&self, ahead: usize) -> Option<&str> {
        self.words.get(self.at + ahead).copied()
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut value = self.and()?;
        while self.peek(0) == Some("-o") {
            self.at += 1;
            let right = self.and()?;
            value |= right;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut value = self.not()?;
        while self.peek(0) == Some("-a") {
            self.at += 1;
            let right = self.not()?;
            value &= right;
        }
        Ok(value)
    }

    fn not(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.peek(0) == Some("!") && self.peek(1).is_some() {
            self.at += 1;
            negated = !negated;
        }
        Ok(self.primary()? != negated)
    }

    fn primary(&mut self) -> Result<bool, String> {
        let Some(first) = self.words.get(self.at).copied() else { return Err("argument expected".into()) };
        if let (Some(operator), Some(second)) = (self.words.get(self.at + 1).copied(), self.words.get(self.at + 2).copied())
            && is_binary(operator)
        {
            self.at += 3;
            return binary(first, operator, second);
        }
        if first == "(" {
            self.at += 1;
            let value = self.or()?;
            self.at += 1;
            return Ok(value);
        }
        if let Some(operand) = self.words.get(self.at + 1).copied()
            && first.len() == 2
            && first.starts_with('-')
            && !matches!(operand, "-a" | "-o")
        {
            self.at += 2;
            return Ok(self.unary(first, operand));
        }
        self.at += 1;
        Ok(!first.is_empty())
    }

    fn unary(&self, operator: &str, operand: &str) -> bool {
        let node = (self.node)(operand);
        match operator {
            "-z" => operand.is_empty(),
            "-n" => !operand.is_empty(),
            "-f" => matches!(node, Some(Node::File(..))),
            "-d" => matches!(node, Some(Node::Folder)),
            "-s" => matches!(node, Some(Node::File(file)) if file.size > 0),
            "-e" | "-r" | "-w" | "-x" | "-L" | "-h" | "-S" | "-p" | "-O" => node.is_some(),
            _ => false,
        }
    }
}

fn is_binary(operator: &str) -> bool {
    matches!(operator, "=" | "==" | "!=" | "=*" | "==*" | "!=*" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "<" | ">" | "-nt" | "-ot")
}

fn binary(a: &str, operator: &str, b: &str) -> Result<bool, String> {
    match operator {
        "=" | "==" => return Ok(a == b),
        "!=" => return Ok(a != b),
        // `[[ a == b* ]]`: the parser marks what is a pattern.
        "=*" | "==*" => return Ok(pattern::matches(b, a)),
        "!=*" => return Ok(!pattern::matches(b, a)),
        "<" => return Ok(a < b),
        ">" => return Ok(a > b),
        _ => {}
    }
    let number = |s: &str| s.trim().parse::<i64>().map_err(|_| format!("{s}: bad number"));
    let (a, b) = (number(a)?, number(b)?);
    Ok(match operator {
        "-eq" => a == b,
        "-ne" => a != b,
        "-lt" => a < b,
        "-le" => a <= b,
        "-gt" => a > b,
        _ => a >= b,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_tested_as_posix_says() {
        let folder = Node::Folder;
        let node = |path: &str| (path == "/tmp").then_some(&folder);
        let cases = [
            ("", Ok(false)),
            ("x", Ok(true)),
            ("-z x", Ok(false)),
            ("a = a", Ok(true)),
            ("! a = a", Ok(false)),
            ("abc ==* a*", Ok(true)),
            ("abc !=* a*", Ok(false)),
            ("3 -lt 4", Ok(true)),
            ("3 -lt 4 -a 5 -gt 6", Ok(false)),
            ("-d /tmp", Ok(true)),
            ("-f /tmp", Ok(false)),
            ("x -eq 1", Err("x: bad number".to_owned())),
        ];
        for (text, expected) in cases {
            let args: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(evaluate(&args, &node), expected, "{text}");
        }
    }
}
