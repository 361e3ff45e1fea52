//! Every item of the content is proved, and the order item takes every order that respects its steps, and no other.

#![cfg(test)]

use std::fs;

use podlab::course::{self, Item, Kind, Response, grade, prove};

fn items() -> Vec<Item> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/content/items");
    let names: Vec<String> = serde_json::from_str(&fs::read_to_string(format!("{folder}/index.json")).unwrap()).unwrap();
    names
        .iter()
        .map(|n| course::read_item(&fs::read_to_string(format!("{folder}/{n}")).unwrap()).unwrap_or_else(|e| panic!("{n}: {e:?}")))
        .collect()
}

#[test]
fn every_stored_solution_passes_and_every_wrong_answer_fails_where_it_says() {
    for item in items() {
        assert_eq!(prove(&item), Vec::<String>::new(), "{}", item.id);
    }
}

#[test]
fn both_runs_of_every_myth_show_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/content/myths");
    let names: Vec<String> = serde_json::from_str(&fs::read_to_string(format!("{folder}/index.json")).unwrap()).unwrap();
    assert!(names.len() >= 12);
    for name in names {
        let myth = course::read_myth(&fs::read_to_string(format!("{folder}/{name}")).unwrap()).unwrap();
        assert_eq!(course::prove_myth(&myth), Vec::<String>::new(), "{name}");
    }
}

fn permutations(names: &[String]) -> Vec<Vec<String>> {
    if names.is_empty() {
        return vec![Vec::new()];
    }
    (0..names.len())
        .flat_map(|i| {
            let mut rest = names.to_vec();
            let first = rest.remove(i);
            permutations(&rest).into_iter().map(move |mut p| {
                p.insert(0, first.clone());
                p
            })
        })
        .collect()
}

#[test]
fn an_order_is_right_exactly_when_it_respects_what_comes_before() {
    for item in items() {
        let Kind::Order(order) = &item.kind else { continue };
        let names: Vec<String> = order.steps.iter().map(|s| s.name.clone()).collect();
        for candidate in permutations(&names) {
            let place = |n: &String| candidate.iter().position(|c| c == n);
            let respects = order.steps.iter().all(|s| s.after.iter().all(|a| place(a) < place(&s.name)));
            assert_eq!(grade(&item, &Response::Order(candidate.clone())).is_full(), respects, "{candidate:?}");
        }
    }
}

#[test]
fn a_broken_item_is_told_with_its_place() {
    let cases = [
        ("id: x\ntitle: t\nmodule: m\nprompt: p\nchoise: {options: []}\n", "choise"),
        ("id: x\ntitle: t\nmodule: m\nprompt: p\n", "exactly one of `lab`, `debug`"),
        (
            "id: x\ntitle: t\nmodule: m\nprompt: p\nchoice: {options: [{text: a, because: b}, {text: c, because: d}]}\n",
            "exactly one right option",
        ),
        (
            "id: x\ntitle: t\nmodule: m\nprompt: p\norder: {steps: [{name: a, text: a, after: [b]}, {name: b, text: b}]}\n",
            "no step above it",
        ),
    ];
    for (text, said) in cases {
        let found = course::read_item(text).unwrap_err();
        assert!(found.iter().any(|d| d.message.contains(said)), "{text}: {found:?}");
    }
}
