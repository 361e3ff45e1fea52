//! Shell patterns: `*`, `?`, `[a-z]`; a backslash makes the next character plain.

/// Whether a pattern fits the whole text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    fits(&pattern, &text)
}

/// Iterative, with one point to fall back to, so that no pattern takes exponential time.
fn fits(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), text.get(t)) {
            (Some('*'), _) => {
                star = Some((p + 1, t));
                p += 1;
                continue;
            }
            (Some(_), Some(c)) => {
                if let Some(next) = one(pattern, p, *c) {
                    (p, t) = (next, t + 1);
                    continue;
                }
            }
            _ => {}
        }
        let Some((back_p, back_t)) = star else { return false };
        star = Some((back_p, back_t + 1));
        (p, t) = (back_p, back_t + 1);
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Where the pattern goes on when its element at `p` fits the character.
fn one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match pattern.get(p)? {
        '?' => Some(p + 1),
        '\\' => (pattern.get(p + 1) == Some(&c)).then_some(p + 2),
        '[' => class(pattern, p, c),
        plain => (*plain == c).then_some(p + 1),
    }
}

fn class(pattern: &[char], p: usize, c: char) -> Option<usize> {
    let mut i = p + 1;
    let negated = matches!(pattern.get(i), Some('!' | '^'));
    i += usize::from(negated);
    let start = i;
    let mut found = false;
    while let Some(low) = pattern.get(i) {
        if *low == ']' && i > start {
            return (found != negated).then_some(i + 1);
        }
        if pattern.get(i + 1) == Some(&'-')
            && let Some(high) = pattern.get(i + 2).filter(|h| **h != ']')
        {
            found |= (*low..=*high).contains(&c);
            i += 3;
        } else {
            found |= *low == c;
            i += 1;
        }
    }
    (c == '[').then_some(p + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_a_shell() {
        let cases = [
            ("*", "", true),
            ("a*b*c", "aXXbYYc", true),
            ("a*b*c", "aXXbYY", false),
            ("?", "x", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*.log", "app.log", true),
            ("[", "[", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
