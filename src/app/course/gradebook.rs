//! The gradebook: result files in, graded again here, a table out.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::browser;
use super::load_all;
use crate::course::{Handed, Item, Line, Quiz, csv, points};

/// What the files came to.
#[derive(Debug, Clone, Default)]
struct Book {
    quiz: Option<Quiz>,
    lines: Vec<Line>,
    /// Files that could not be taken, and why.
    problems: Vec<(String, String)>,
}

impl Book {
    fn take(&mut self, name: String, text: &str, items: &[Item]) {
        let handed = match Handed::read(text) {
            Ok(handed) => handed,
            Err(problem) => return self.problems.push((name, problem)),
        };
        match &self.quiz {
            Some(quiz) if *quiz != handed.quiz => {
                let problem = format!("It is of another quiz: “{}”.", handed.quiz.title);
                return self.problems.push((name, problem));
            }
            Some(_) => {}
            None => self.quiz = Some(handed.quiz.clone()),
        }
        let line = Line::grade(&handed, items);
        match self.lines.iter_mut().find(|l| l.learner == line.learner) {
            Some(old) => *old = line,
            None => self.lines.push(line),
        }
    }
}

/// The page.
#[component]
pub(super) fn Gradebook() -> impl IntoView {
    let book = RwSignal::new(Book::default());
    let busy = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        busy.set(true);
        spawn_local(async move {
            let items: Vec<Item> = load_all().await.into_iter().filter_map(|(_, item)| item.ok()).collect();
            for (name, text) in browser::read_all(files).await {
                book.update(|b| b.take(name, &text, &items));
            }
            busy.set(false);
        });
    };
    let dropped = move |ev: web_sys::DragEvent| {
        ev.prevent_default();
        take(ev.data_transfer().and_then(|d| d.files()));
    };
    let chosen = move |ev: web_sys::Event| {
        use wasm_bindgen::JsCast as _;
        let input = ev.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        take(input.and_then(|i| i.files()));
    };
    view! {
        <main class="page course">
            <h1>"Gradebook"</h1>
            <p class="muted">"Results hold answers. They are graded again here, in this browser; nothing is sent anywhere. A static page cannot secure an examination."</p>
            <section class="card q dropzone" aria-label="Results" on:drop=dropped on:dragover=|ev| ev.prevent_default()>
                <label class="free"><span>"Drop the result files of a class here, or choose them"</span><input type="file" multiple accept=".json" on:change=chosen/></label>
                <p role="status">{move || if busy.get() { "Grading...".to_owned() } else { book.with(|b| format!("{} results", b.lines.len())) }}</p>
            </section>
            {move || book.with(|b| (!b.problems.is_empty()).then(|| problems(b)))}
            {move || book.with(|b| b.quiz.clone().map(|quiz| table(&quiz, b)))}
        </main>
    }
}

fn problems(book: &Book) -> AnyView {
    let one = |(name, problem): &(String, String)| view! { <li><b>{name.clone()}</b>" "{problem.clone()}</li> };
    view! {
        <section class="card q" aria-label="Files that were not taken">
            <h2>"Files that were not taken"</h2>
            <ul class="points">{book.problems.iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn table(quiz: &Quiz, book: &Book) -> AnyView {
    let head = quiz.items.iter().map(|id| view! { <th scope="col">{id.clone()}</th> }).collect_view();
    let row = |line: &Line| {
        let cells = line.points.iter().map(|p| view! { <td class="num">{p.map_or_else(|| "?".to_owned(), points)}</td> }).collect_view();
        view! { <tr><th scope="row">{line.learner.clone()}</th>{cells}<td class="num"><b>{points(line.sum())}</b></td></tr> }
    };
    let count = u32::try_from(book.lines.len()).unwrap_or(1).max(1);
    let mean = |index: usize| book.lines.iter().filter_map(|l| l.points.get(index).copied().flatten()).sum::<u32>() / count;
    let means = (0..quiz.items.len()).map(|i| view! { <td class="num">{points(mean(i))}</td> }).collect_view();
    let all = book.lines.iter().map(Line::sum).sum::<u32>() / count;
    let text = csv(&quiz.items, &book.lines);
    view! {
        <section class="card q" aria-label="Points">
            <h2>{quiz.title.clone()}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Learners by items">
                <table class="gt">
                    <thead><tr><th scope="col">"Learner"</th>{head}<th scope="col">"Sum"</th></tr></thead>
                    <tbody>{book.lines.iter().map(row).collect_view()}</tbody>
                    <tfoot><tr><th scope="row">"Mean"</th>{means}<td class="num">{points(all)}</td></tr></tfoot>
                </table>
            </div>
            <button class="btn" on:click=move |_| browser::download("gradebook.csv", &text)>"Save as CSV"</button>
        </section>
    }
    .into_any()
}
