//! Columns of text: Go's text/tabwriter as kubectl sets it up for tables and for `describe`.

/// A table of `kubectl get`: headings, then rows. Columns are at least 6 wide and 3 apart; the last is not padded.
pub fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = headings.join("\t");
    text.push('\n');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    align_tabs(&text, 6, 3)
}

/// What a table shows of a cell: the text before a line break, and that there was one. (tableprinter.go: printRows)
fn one_line(cell: &str) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(end) => format!("{}...", cell.get(..end).unwrap_or_default()),
        None => cell.to_owned(),
    }
}

/// Replaces tabs by spaces so that cells line up. A column's width counts over consecutive lines that have a cell there
/// which a tab ends; a line without one ends the column. (text/tabwriter: Writer.format)
pub fn align_tabs(text: &str, min_width: usize, padding: usize) -> String {
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut out = String::with_capacity(text.len() * 2);
    let mut widths: Vec<usize> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let ended = line.len().saturating_sub(1);
        widths.truncate(ended);
        for column in widths.len()..ended {
            widths.push(block_width(lines.get(i..).unwrap_or_default(), column, padding).max(min_width));
        }
        for (column, cell) in line.iter().enumerate() {
            out.push_str(cell);
            if let Some(width) = widths.get(column) {
                out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
            }
        }
    }
    out
}

/// The width of a column over the lines from the first that still have it.
fn block_width(lines: &[Vec<&str>], column: usize, padding: usize) -> usize {
    lines
        .iter()
        .take_while(|line| column + 1 < line.len())
        .filter_map(|line| line.get(column))
        .map(|cell| cell.chars().count() + padding)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_padded_but_for_the_last_column() {
        let rows = vec![vec!["shop".into(), "1/2".into(), "Error".into(), "1 (10s ago)".into(), "22s".into()]];
        assert_eq!(
            table(&["NAME", "READY", "STATUS", "RESTARTS", "AGE"], &rows),
            "NAME   READY   STATUS   RESTARTS      AGE\nshop   1/2     Error    1 (10s ago)   22s\n"
        );
    }

    #[test]
    fn a_cell_is_cut_at_its_first_line_break() {
        assert_eq!(table(&["A"], &[vec!["one\ntwo".into()]]), "A\none...\n");
    }

    #[test]
    fn a_line_without_the_cell_ends_the_column() {
        let text = "Name:\tx\nService Account:\tdefault\nIPs:\n  IP:\t10.0.0.1\nControlled By:\tJob/w\n";
        let want = "Name:             x\nService Account:  default\nIPs:\n  IP:           10.0.0.1\nControlled By:  Job/w\n";
        assert_eq!(align_tabs(text, 0, 2), want);
    }
}
