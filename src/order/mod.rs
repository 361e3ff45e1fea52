//! Stable sorting and maps from pairs, with one copy of the sorting code for all types: each copy costs the page some kilobytes.

mod map;
mod set;

use std::cmp::Ordering;

pub use map::{Entry, Iter, IterMut, SortedMap};
pub use set::SortedSet;

/// Sorts in place; equal items keep their order.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let by_index = |a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        (None, _) | (_, None) => Ordering::Equal,
    };
    let order = permutation(items.len(), &by_index);
    let mut slots: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|from| slots.get_mut(from)?.take()));
}

/// Sorts in place by a key; equal items keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

fn permutation(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_is_stable_and_complete() {
        let mut items: Vec<(u32, usize)> = (0..200).map(|i| ((i * 7919 + 13) % 11, i as usize)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|(key, _)| *key);
        sort_by_key(&mut items, |(key, _)| *key);
        assert_eq!(items, expected);
    }

    #[test]
    fn of_equal_keys_the_last_stays() {
        assert_eq!(SortedMap::from([("a", 1), ("b", 2), ("a", 3)]), SortedMap::from([("a", 3), ("b", 2)]));
    }
}
