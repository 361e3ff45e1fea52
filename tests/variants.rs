//! Variants of items: each learner gets one, always the same, and each is read and proved on its own.

#![cfg(test)]

use podlab::course::{Kind, Response, grade, prove, read_item};

const ITEM: &str = "
id: x
title: Codes
module: m08
prompt: Signal __signal__ ended it.
variants:
- {signal: 9, code: 137}
- {signal: 15, code: 143}
- {signal: 2, code: 130}
blank:
  gaps:
  - {label: The code, number: __code__, because: 128 and __signal__}
";

#[test]
fn every_variant_is_an_item_of_its_own() {
    let item = read_item(ITEM).unwrap();
    assert_eq!(prove(&item), Vec::<String>::new());
    let codes = [
        (0, "Signal 9 ended it.", "137"),
        (1, "Signal 15 ended it.", "143"),
        (2, "Signal 2 ended it.", "130"),
        (3, "Signal 9 ended it.", "137"),
    ];
    for (number, prompt, code) in codes {
        let variant = item.variant(number);
        assert_eq!(variant.prompt, prompt);
        assert!(grade(variant, &Response::Blank(vec![code.to_owned()])).is_full(), "{number}");
    }
    let of = |learner: &str| item.of_learner(learner).prompt.clone();
    assert_eq!(of("Ada"), of(" Ada "));
    let all: std::collections::BTreeSet<String> = (0..40).map(|n| of(&format!("learner {n}"))).collect();
    assert_eq!(all.len(), 3, "every variant is somebody's");
}

#[test]
fn what_is_wrong_with_a_variant_is_told() {
    let cases = [
        (ITEM.replace("code: 143", "cod: 143"), "variant 2 does not give `code`"),
        (ITEM.replace("code: 130", "code: many"), "variant 3: "),
        (
            ITEM.replace("variants:\n- {signal: 9, code: 137}\n- {signal: 15, code: 143}\n- {signal: 2, code: 130}", "variants: none"),
            "`variants` is a list",
        ),
    ];
    for (text, says) in cases {
        let found = read_item(&text).unwrap_err();
        assert!(found[0].message.contains(says), "{found:?}");
    }
}

#[test]
fn the_engine_finds_the_answer_to_a_gap() {
    let item = |engine: &str| {
        format!(
            "id: x\ntitle: x\nmodule: m08\nprompt: x\nblank:\n  gaps:\n  - label: x\n    because: x\n    tolerance: 0\n    engine: {engine}\n"
        )
    };
    let pod = "\"{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {restartPolicy: Never, containers: [{name: app, image: busybox, command: [sh, -c, 'sleep 7; exit 2']}]}}\"";
    let answers = [
        (format!("{{manifest: {pod}, at: 30s, column: STATUS}}"), "Error"),
        (format!("{{manifest: {pod}, since: {{container: app, state: running}}, when: {{container: app, exit: 2}}}}"), "7"),
    ];
    for (engine, answer) in answers {
        let read = read_item(&item(&engine)).unwrap_or_else(|e| panic!("{engine}: {e:?}"));
        let Kind::Blank(blank) = &read.kind else { panic!("a blank") };
        assert_eq!(blank.gaps[0].answer(), answer);
    }
    let wrong = [
        (format!("{{manifest: {pod}, at: 30s}}"), "`engine` needs"),
        (format!("{{manifest: {pod}, when: {{container: app, exit: 9}}}}"), "what it waits for never comes"),
        ("{manifest: 'kind: Pod', at: 3s, column: READY}".to_owned(), "the manifest is refused"),
    ];
    for (engine, says) in wrong {
        let found = read_item(&item(&engine)).unwrap_err();
        assert!(found[0].message.contains(says), "{found:?}");
    }
}
