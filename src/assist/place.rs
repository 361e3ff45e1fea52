//! Where the cursor is: found line by line, upwards, by indentation.

/// A place in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place<'t> {
    document: &'t str,
    /// The kind of the document, as far as it is written.
    pub(super) kind: &'t str,
    /// The fields around the mapping of the cursor, outermost first.
    pub(super) path: Vec<String>,
    /// The fields that the mapping has already.
    pub(super) siblings: Vec<&'t str>,
    /// The field whose value is typed; nothing if a field's name is.
    pub(super) key: Option<&'t str>,
    /// What was typed of the name or value.
    pub(super) word: &'t str,
    /// Where that begins, in bytes of the whole text.
    pub(super) from: usize,
    /// The column of the mapping's fields.
    pub(super) column: usize,
    /// How far the line of the cursor is indented.
    pub(super) indentation: usize,
    /// Whether the mapping is a new element of a list, with nothing in it yet.
    pub(super) is_new_element: bool,
    /// Whether it stands in braces.
    pub(super) is_flow: bool,
}

/// A line with a field.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// The columns of the dashes of lists in front of the field.
    dash: Option<usize>,
    column: usize,
    key: &'t str,
    /// Whether a value stands on the line.
    has_value: bool,
}

fn line(text: &str) -> Option<Line<'_>> {
    let mut rest = text.trim_start();
    let mut column = text.len() - rest.len();
    let mut dash = None;
    while let Some(after) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
        dash.get_or_insert(column);
        let inner = after.trim_start();
        column += rest.len() - inner.len();
        rest = inner;
    }
    if rest.starts_with('#') || (rest.is_empty() && dash.is_none()) {
        return None;
    }
    let (key, value) = rest.split_once(':').unwrap_or((rest, ""));
    Some(Line { dash, column, key: key.trim_matches(['"', '\'']), has_value: !value.trim().is_empty() })
}

/// The place of `offset`; nothing in a comment or a quoted text.
pub(super) fn place(text: &str, offset: usize) -> Option<Place<'_>> {
    let before = text.get(..offset)?;
    let start = before.rfind("\n---").map_or(0, |i| i + 1);
    let end = text.get(offset..)?.find("\n---").map_or(text.len(), |i| offset + i);
    let document = text.get(start..end)?;
    let at = before.rfind('\n').map_or(0, |i| i + 1);
    let typed = before.get(at..)?;
    if typed.contains('#') || is_quoted(typed) {
        return None;
    }
    let flow = Flow::of(typed);
    let (typed, rest) = flow.as_ref().map_or((typed, ""), |flow| (flow.before, flow.inside));
    let own = line(typed).unwrap_or(Line { dash: None, column: typed.len(), key: "", has_value: false });
    let upwards: Vec<Line<'_>> = text.get(start..at)?.lines().rev().filter_map(line).collect();
    let mut path = around(&own, &upwards);
    path.reverse();
    let kind = document.lines().find_map(|l| l.strip_prefix("kind:")).unwrap_or_default().trim();
    let indentation = typed.len() - typed.trim_start().len();
    if let Some(flow) = flow {
        let (key, word) = key_and_word(rest);
        path.extend(flow.path);
        let (siblings, from, column) = (flow.siblings, offset - word.len(), own.column);
        return Some(Place { document, kind, path, siblings, key, word, from, column, indentation, is_new_element: false, is_flow: true });
    }
    let (key, word) = match typed.split_once(": ") {
        Some((_, value)) => (Some(own.key), value.trim_start()),
        None => (None, own.key),
    };
    let from = offset - word.len();
    let below = text.get(offset..end)?.lines().skip(1).filter_map(line);
    let mut siblings = beside(&own, upwards.iter().copied());
    if own.dash.is_some() {
        siblings.clear();
    }
    siblings.extend(beside(&Line { dash: None, ..own }, below.take_while(|l| l.dash.is_none_or(|dash| dash > own.column))));
    let is_new_element = own.dash.is_some() && siblings.is_empty();
    Some(Place { document, kind, path, siblings, key, word, from, column: own.column, indentation, is_new_element, is_flow: false })
}

/// Whether a quoted text is open at the end of a line.
fn is_quoted(typed: &str) -> bool {
    let mut open = None;
    for c in typed.chars() {
        match (open, c) {
            (None, '"' | '\'') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// `restartPolicy: Al`: the field whose value is typed, and the word; or a word alone.
fn key_and_word(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((key, value)) => (Some(key.trim()), value.trim_start()),
        None => (None, text.trim_start()),
    }
}

/// Braces that are open at the end of a line.
struct Flow<'t> {
    /// The line up to the first of them.
    before: &'t str,
    /// The fields that lead inside.
    path: Vec<String>,
    /// What was typed since the last comma or brace.
    inside: &'t str,
    /// The fields that the innermost mapping has already.
    siblings: Vec<&'t str>,
}

impl<'t> Flow<'t> {
    fn of(typed: &'t str) -> Option<Self> {
        // For each open brace: where its content goes on, and the fields it has.
        let mut open: Vec<(usize, Vec<&'t str>)> = Vec::new();
        let mut path = Vec::new();
        let (mut first, mut part) = (None, 0);
        for (i, c) in typed.char_indices() {
            let said = || typed.get(part..i).unwrap_or_default();
            match c {
                '{' | '[' => {
                    let key = line(said()).map_or("", |l| l.key);
                    // An element of a list has no name of its own.
                    path.push((!key.is_empty()).then(|| key.to_owned()));
                    open.push((i, Vec::new()));
                    first.get_or_insert(i);
                    part = i + 1;
                }
                '}' | ']' => {
                    open.pop();
                    path.pop();
                    part = i + 1;
                }
                ',' => {
                    if let Some((_, fields)) = open.last_mut() {
                        fields.extend(said().split_once(':').map(|(key, _)| key.trim()));
                    }
                    part = i + 1;
                }
                _ => {}
            }
        }
        let (_, siblings) = open.pop()?;
        let before = typed.get(..first?)?;
        Some(Self { before, path: path.into_iter().flatten().collect(), inside: typed.get(part..)?, siblings })
    }
}

/// The fields around a line, innermost first.
fn around(own: &Line<'_>, upwards: &[Line<'_>]) -> Vec<String> {
    let mut path = Vec::new();
    // A list may begin in the column of its field.
    let (mut column, mut in_list) = own.dash.map_or((own.column, false), |dash| (dash, true));
    for line in upwards {
        let outer = line.column < column || (in_list && line.dash.is_none() && line.column == column);
        if outer && !line.has_value {
            path.push(line.key.to_owned());
            (column, in_list) = line.dash.map_or((line.column, false), |dash| (dash, true));
        } else if let Some(dash) = line.dash.filter(|dash| *dash < column && line.column == column) {
            (column, in_list) = (dash, true);
        } else if let Some(dash) = line.dash.filter(|dash| outer && *dash < column) {
            (column, in_list) = (dash, true);
        }
    }
    path
}

/// The fields of the same mapping among lines that lead away from it.
fn beside<'t>(own: &Line<'t>, lines: impl Iterator<Item = Line<'t>>) -> Vec<&'t str> {
    let mut found = Vec::new();
    for line in lines {
        if line.column < own.column {
            break;
        }
        if line.column == own.column {
            found.push(line.key);
            if line.dash.is_some() {
                break;
            }
        }
    }
    found
}

impl Place<'_> {
    /// The names that elements of a list of this document have.
    pub(super) fn names(&self, list: &str) -> Vec<String> {
        let mut names = Vec::new();
        let mut lines = self.document.lines().peekable();
        while let Some(head) = lines.next() {
            let Some(head) = line(head).filter(|l| l.key == list) else { continue };
            while let Some(next) = lines.peek() {
                let inside = line(next).is_none_or(|l| l.dash.unwrap_or(l.column) > head.column || l.dash == Some(head.column));
                if !inside {
                    break;
                }
                let text = next.trim_start().trim_start_matches(['-', ' ', '{']);
                let name = text.split([',', '}']).find_map(|part| part.trim().strip_prefix("name:"));
                names.extend(name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()));
                lines.next();
            }
        }
        names
    }
}
