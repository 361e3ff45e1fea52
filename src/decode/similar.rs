//! "Did you mean": the nearest of some names.

/// The name of `names` that `typed` was probably meant to be. (Damerau-Levenshtein, at most a third of the letters wrong)
pub fn similar<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (typed.chars().count() / 3).clamp(1, 4);
    let lower = typed.to_lowercase();
    let near = names.into_iter().map(|name| (distance(&lower, &name.to_lowercase()), name));
    near.filter(|(d, _)| *d <= limit).min_by_key(|(d, _)| *d).map(|(_, name)| name)
}

/// Inserted, removed, changed or swapped letters; anything long counts as far away.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > 64 || b.len() > 64 || a.len().abs_diff(b.len()) > 4 {
        return usize::MAX;
    }
    let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = at(&above, j) + usize::from(x != y);
            let mut best = replaced.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    at(&above, b.len())
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["livenessProbe", "readinessProbe", "restartPolicy", "ports", "containerPort"];
        let cases = [
            ("livenesProbe", Some("livenessProbe")),
            ("livenessprobe", Some("livenessProbe")),
            ("restartPolice", Some("restartPolicy")),
            ("prots", Some("ports")),
            ("port", Some("ports")),
            ("volumes", None),
            ("", None),
        ];
        for (typed, meant) in cases {
            assert_eq!(similar(typed, names), meant, "{typed}");
        }
    }
}
