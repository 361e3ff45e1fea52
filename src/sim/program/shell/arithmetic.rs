//! `$((...))`: integers with C's operators.

use super::variables::Variables;

/// The value of an expression; unset names are 0, assignments change `variables`.
///
/// # Errors
/// What the shell says about it.
pub(crate) fn evaluate(text: &str, variables: &mut Variables) -> Result<i64, String> {
    let mut parser = Parser { text: text.chars().filter(|c| !c.is_whitespace()).collect(), at: 0, variables, depth: 0 };
    if parser.text.is_empty() {
        return Ok(0);
    }
    let value = parser.assignment()?;
    if parser.at < parser.text.len() { Err("arithmetic syntax error".into()) } else { Ok(value) }
}

struct Parser<'a> {
    text: Vec<char>,
    at: usize,
    variables: &'a mut Variables,
    depth: u32,
}

/// Binary operators, loosest first.
const LEVELS: [&[&str]; 10] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let fits = token.chars().enumerate().all(|(i, c)| self.text.get(self.at + i) == Some(&c));
        if fits {
            self.at += token.len();
        }
        fits
    }

    fn name(&mut self) -> String {
        let name: String = self.text.iter().skip(self.at).take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return String::new();
        }
        self.at += name.chars().count();
        name
    }

    fn value_of(&self, name: &str) -> i64 {
        self.variables.get(name).and_then(|v| v.trim().parse().ok()).unwrap_or_default()
    }

    fn assignment(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 60 {
            return Err("expression recursion loop detected".into());
        }
        let start = self.at;
        let name = self.name();
        if !name.is_empty() {
            for operator in ["+=", "-=", "*=", "/=", "%=", "="] {
                if self.text.get(self.at + 1) == Some(&'=') && operator == "=" {
                    continue;
                }
                if self.eat(operator) {
                    let right = self.assignment()?;
                    let value = match operator {
                        "=" => right,
                        _ => apply(operator.trim_end_matches('='), self.value_of(&name), right)?,
                    };
                    self.variables.insert(name, value.to_string());
                    return Ok(value);
                }
            }
        }
        self.at = start;
        self.conditional()
    }

    fn conditional(&mut self) -> Result<i64, String> {
        let condition = self.binary(0)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.assignment()?;
        if !self.eat(":") {
            return Err("malformed ?: operator".into());
        }
        let no = self.assignment()?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        'next: loop {
            for operator in *operators {
                let longer = matches!(*operator, "|" | "&" | "<" | ">") && self.text.get(self.at + 1) == self.text.get(self.at);
                if !longer && self.eat(operator) {
                    let right = self.binary(level + 1)?;
                    left = apply(operator, left, right)?;
                    continue 'next;
                }
            }
            return Ok(left);
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err("expression recursion loop detected".into());
        }
        if self.eat("++") || self.eat("--") {
            let up = self.text.get(self.at - 1) == Some(&'+');
            let name = self.name();
            let value = self.value_of(&name).wrapping_add(if up { 1 } else { -1 });
            self.variables.insert(name, value.to_string());
            return Ok(value);
        }
        if self.eat("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        if self.eat("-") {
            return Ok(self.unary()?.wrapping_neg());
        }
        if self.eat("+") {
            return self.unary();
        }
        if self.eat("~") {
            return Ok(!self.unary()?);
        }
        if self.eat("(") {
            let value = self.assignment()?;
            return if self.eat(")") { Ok(value) } else { Err("arithmetic syntax error".into()) };
        }
        let name = self.name();
        if !name.is_empty() {
            let value = self.value_of(&name);
            let step = if self.eat("++") {
                1
            } else if self.eat("--") {
                -1
            } else {
                0
            };
            if step != 0 {
                self.variables.insert(name, value.wrapping_add(step).to_string());
            }
            return Ok(value);
        }
        let digits: String = self.text.iter().skip(self.at).take_while(|c| c.is_ascii_alphanumeric()).collect();
        self.at += digits.len();
        number(&digits).ok_or_else(|| "arithmetic syntax error".into())
    }
}

fn number(digits: &str) -> Option<i64> {
    if let Some(hex) = digits.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok();
    }
    if digits.len() > 1 && digits.starts_with('0') { i64::from_str_radix(digits, 8).ok() } else { digits.parse().ok() }
}

fn apply(operator: &str, a: i64, b: i64) -> Result<i64, String> {
    Ok(match operator {
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" => a.checked_div(b).ok_or("divide by zero")?,
        "%" => a.checked_rem(b).ok_or("divide by zero")?,
        "<<" => a.wrapping_shl(u32::try_from(b).unwrap_or_default()),
        ">>" => a.wrapping_shr(u32::try_from(b).unwrap_or_default()),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "&&" => i64::from(a != 0 && b != 0),
        "||" => i64::from(a != 0 || b != 0),
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<=" => i64::from(a <= b),
        ">=" => i64::from(a >= b),
        "<" => i64::from(a < b),
        _ => i64::from(a > b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_c_precedence() {
        let mut variables = Variables::default();
        variables.insert("n".into(), "3".into());
        let cases = [
            ("1 + 2 * 3", Ok(7)),
            ("(1+2)*3", Ok(9)),
            ("n+1", Ok(4)),
            ("n++", Ok(3)),
            ("n", Ok(4)),
            ("n += 2", Ok(6)),
            ("n > 5 && n < 7", Ok(1)),
            ("n == 6 ? 10 : 20", Ok(10)),
            ("10 % 3", Ok(1)),
            ("-5 + 2", Ok(-3)),
            ("1/0", Err("divide by zero".to_owned())),
            ("0x10", Ok(16)),
            ("1 << 4", Ok(16)),
            ("!0", Ok(1)),
        ];
        for (text, expected) in cases {
            assert_eq!(evaluate(text, &mut variables), expected, "{text}");
        }
    }
}
