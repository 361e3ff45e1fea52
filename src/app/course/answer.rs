//! The form of an item within a quiz: it fills one text, the answer as a file holds it.

use leptos::prelude::*;

use crate::course::{Item, Kind, Response, grade, markdown, points};

/// Stands for a part that is still empty, so that the lines keep their places.
const EMPTY: &str = "-";

/// An answer under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) get: Callback<(), String>,
    pub(super) set: Callback<String>,
}

impl Ask {
    /// Line `index` of the answer.
    fn line(self, index: usize) -> String {
        let text = self.get.run(());
        text.lines().nth(index).filter(|l| *l != EMPTY).unwrap_or_default().to_owned()
    }

    fn set_line(self, index: usize, count: usize, line: &str) {
        let text = self.get.run(());
        let mut lines: Vec<String> = (0..count).map(|i| text.lines().nth(i).unwrap_or(EMPTY).to_owned()).collect();
        if let Some(place) = lines.get_mut(index) {
            *place = if line.trim().is_empty() { EMPTY.to_owned() } else { line.trim().to_owned() };
        }
        self.set.run(lines.join("\n"));
    }

    /// The prompt and the fields.
    pub(super) fn form(self, item: &Item) -> AnyView {
        let fields = match &item.kind {
            Kind::Choice(choice) => self.ticks(choice.options.iter().map(|o| o.text.clone()).collect(), false),
            Kind::Multiple(multiple) => self.ticks(multiple.options.iter().map(|o| o.text.clone()).collect(), true),
            Kind::Order(order) => {
                let names: Vec<(String, String)> = order.steps.iter().map(|s| (s.name.clone(), s.text.clone())).collect();
                let places = (1..=names.len()).map(|n| format!("Step {n}")).collect();
                let mut names = names;
                crate::order::sort_by(&mut names, |a, b| a.1.cmp(&b.1));
                self.rows(places, &names)
            }
            Kind::Match(pairs) => {
                let mut rights: Vec<(String, String)> =
                    pairs.pairs.iter().map(|p| &p.right).chain(&pairs.extra).map(|r| (r.clone(), r.clone())).collect();
                crate::order::sort_by(&mut rights, Ord::cmp);
                self.rows(pairs.pairs.iter().map(|p| p.left.clone()).collect(), &rights)
            }
            Kind::Blank(blank) => self.rows(
                blank.gaps.iter().map(|g| format!("{} ({})", g.label, if g.unit.is_empty() { "answer" } else { &g.unit })).collect(),
                &[],
            ),
            Kind::Predict(predict) => {
                let case =
                    predict.variants.first().map(|v| format!("{}.{:02} s", v.at.ms() / 1000, v.at.ms() % 1000 / 10)).unwrap_or_default();
                let rows = self.rows(predict.columns.clone(), &[]);
                view! { <pre class="solution" tabindex="0">{predict.manifest.clone()}</pre><p><b>{format!("At {case}")}</b></p>{rows} }
                    .into_any()
            }
            Kind::Rubric(_) => self.free("Your answer", ""),
            Kind::Lab(lab) => self.free("Manifest", &lab.start),
            Kind::Debug(lab) => {
                self.free("The number of the cause (or 0) in the first line, then the manifest", &format!("0\n{}", lab.start))
            }
        };
        view! { <h2>{item.title.clone()}</h2><div class="prose" inner_html=markdown(&item.prompt)></div>{fields} }.into_any()
    }

    fn ticks(self, texts: Vec<String>, several: bool) -> AnyView {
        let kind = if several { "checkbox" } else { "radio" };
        let option = move |(index, text): (usize, String)| {
            let number = (index + 1).to_string();
            let (mine, other) = (number.clone(), number);
            let on = move || self.get.run(()).split_whitespace().any(|n| n == mine);
            let toggle = move |ev| {
                let answer = self.get.run(());
                let mut chosen: Vec<&str> = if several { answer.split_whitespace().filter(|n| *n != other).collect() } else { Vec::new() };
                if event_target_checked(&ev) {
                    chosen.push(&other);
                }
                self.set.run(chosen.join(" "));
            };
            view! { <label class="opt"><input type=kind prop:checked=on on:change=toggle/><span>{text}</span></label> }.into_any()
        };
        view! { <fieldset class="opts"><legend class="sr">"Answers"</legend>{texts.into_iter().enumerate().map(option).collect_view()}</fieldset> }
            .into_any()
    }

    fn rows(self, labels: Vec<String>, picks: &[(String, String)]) -> AnyView {
        let count = labels.len();
        let row = |(index, label): (usize, String)| {
            let field = if picks.is_empty() {
                view! { <input type="text" autocomplete="off" prop:value=move || self.line(index) on:input=move |ev| self.set_line(index, count, &event_target_value(&ev))/> }.into_any()
            } else {
                let options = picks.iter().map(|(value, text)| {
                    let selected = self.line(index) == *value;
                    view! { <option value=value.clone() selected=selected>{text.clone()}</option> }
                });
                view! {
                    <select on:change=move |ev| self.set_line(index, count, &event_target_value(&ev))>
                        <option value="">"Choose"</option>{options.collect_view()}
                    </select>
                }
                .into_any()
            };
            view! { <li class="gap"><label><span>{label}</span>{field}</label></li> }.into_any()
        };
        view! { <ul class="gaps">{labels.into_iter().enumerate().map(row).collect_view()}</ul> }.into_any()
    }

    fn free(self, label: &'static str, start: &str) -> AnyView {
        if self.get.run(()).is_empty() && !start.is_empty() {
            self.set.run(start.to_owned());
        }
        view! {
            <label class="free"><span>{label}</span>
                <textarea rows="12" spellcheck="false" prop:value=move || self.get.run(()) on:input=move |ev| self.set.run(event_target_value(&ev))></textarea>
            </label>
        }
        .into_any()
    }
}

/// Practice: the answer may be checked at any time.
pub(super) fn graded(item: Item, answer: Ask) -> AnyView {
    let told = RwSignal::new(None::<String>);
    let check = move |_| {
        let score = grade(&item, &Response::read(&item.kind, &answer.get.run(())));
        let wrong: Vec<String> = score.checks.iter().filter(|c| !c.passed).map(|c| format!("{}: {}", c.sentence, c.message)).collect();
        told.set(Some(format!("{} of 1 point. {}", points(score.hundredths), wrong.join(" "))));
    };
    view! { <div class="check-row"><button class="btn" on:click=check>"Check"</button><p role="status">{move || told.get()}</p></div> }
        .into_any()
}
