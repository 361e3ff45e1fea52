// CodeMirror 6 with YAML, as one module: mounted over the text area when the page has been painted.
import { autocompletion, completionKeymap, snippet } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const colors = HighlightStyle.define([
  { tag: [t.propertyName, t.definition(t.propertyName)], color: "var(--code-key)" },
  { tag: [t.number], color: "var(--code-num)" },
  { tag: [t.bool, t.null, t.keyword], color: "var(--code-kw)" },
  { tag: [t.punctuation, t.separator, t.bracket], color: "var(--code-punct)" },
  { tag: t.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [t.string, t.content], color: "var(--code-str)" },
]);

/** What fits at the cursor, from `help(text, at, false)`: `[from, [[label, detail, info, insert, "snippet" or ""], ...]]`. */
const complete = (help) => (context) => {
  if (!context.explicit && !context.matchBefore(/\w$/)) return null;
  const found = help(context.state.doc.toString(), context.pos, false);
  if (!found || found[1].length === 0) return null;
  const option = ([label, detail, info, insert, kind], i) => ({
    label,
    detail,
    info: info || undefined,
    apply: kind ? snippet(insert) : insert,
    boost: Math.max(99 - i, -99),
  });
  return { from: found[0], options: found[1].map(option), validFor: /^[\w.\/-]*$/ };
};

/** What a field is, from `help(text, at, true)`: `[path, detail, info, moment]`; the moment is a button. */
const explain = (help, jump) =>
  hoverTooltip((view, at) => {
    const found = help(view.state.doc.toString(), at, true);
    if (!found) return null;
    const [path, detail, info, moment] = found;
    const create = () => {
      const dom = document.createElement("div");
      dom.className = "cm-explain";
      const add = (tag, text, more) => text && dom.append(Object.assign(document.createElement(tag), { textContent: text, ...more }));
      add("b", path);
      add("p", detail);
      add("p", info);
      add("button", moment, { className: "link", onclick: () => jump(at) });
      return { dom };
    };
    return { pos: at, above: true, create };
  });

/** The largest number up to `limit` for which all is equal, where `equal(from, to)` tells it of a part. */
const most = (limit, equal) => {
  let [least, greatest] = [0, limit];
  while (least < greatest) {
    const middle = (least + greatest + 1) >> 1;
    if (equal(least, middle)) least = middle;
    else greatest = middle - 1;
  }
  return least;
};

/**
 * Mounts an editor; `changed` is called with every new text, `help` where something is typed or pointed at, `jump` where the
 * timeline is to follow. Escape, then Tab, leaves it; F12 jumps.
 */
export function mount(parent, text, changed, help, jump) {
  const tab = new Compartment();
  let silent = false;
  const leave = { key: "Escape", run: (v) => (v.dispatch({ effects: tab.reconfigure([]) }), true) };
  const follow = { key: "F12", preventDefault: true, run: (v) => (jump(v.state.selection.main.head), true) };
  const fresh = (doc) =>
    EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of("  "),
        yaml(),
        lintGutter(),
        autocompletion({ override: [complete(help)], icons: false }),
        explain(help, jump),
        keymap.of(completionKeymap),
        syntaxHighlighting(colors),
        tab.of(keymap.of([indentWithTab])),
        keymap.of([leave, follow, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "Manifest, YAML", spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((u) => u.docChanged && !silent && changed(u.state.doc.toString())),
        EditorView.domEventHandlers({ blur: (_, v) => (v.dispatch({ effects: tab.reconfigure(keymap.of([indentWithTab])) }), false) }),
      ],
    });
  const view = new EditorView({ parent, state: fresh(text) });
  // Each part of the text has an editor state of its own, with its own history.
  const states = new Map();
  let current = "";
  const quietly = (act) => {
    silent = true;
    act();
    silent = false;
  };
  /** Puts another text in place with as small a change as there is, so that cursor and history survive. */
  const setText = (next) => {
    const old = view.state.doc.toString();
    if (next === old) return;
    const shorter = Math.min(old.length, next.length);
    const same = most(shorter, (from, to) => old.slice(from, to) === next.slice(from, to));
    const end = (text, from, to) => text.slice(text.length - to, text.length - from);
    const tail = most(shorter - same, (from, to) => end(old, from, to) === end(next, from, to));
    const changes = { from: same, to: old.length - tail, insert: next.slice(same, next.length - tail) };
    quietly(() => view.dispatch({ changes, annotations: isolateHistory.of("full") }));
  };
  return {
    text: () => view.state.doc.toString(),
    /** Shows a part of the text by its key. */
    show(key, next) {
      if (key !== current) {
        states.set(current, view.state);
        current = key;
        quietly(() => view.setState(states.get(key) ?? fresh(next)));
      }
      setText(next);
    },
    /** `[[from, to, severity, message], ...]` in UTF-16 units. */
    setFindings(found) {
      const size = view.state.doc.length;
      const within = (n) => Math.min(n, size);
      view.dispatch(setDiagnostics(view.state, found.map(([from, to, severity, message]) => ({ from: within(from), to: within(Math.max(to, from)), severity, message }))));
    },
    select(from, to) {
      view.focus();
      view.dispatch({ selection: { anchor: Math.min(from, view.state.doc.length), head: Math.min(to, view.state.doc.length) }, scrollIntoView: true });
    },
    destroy: () => view.destroy(),
  };
}
