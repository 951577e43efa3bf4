// The editor of policies: CodeMirror behind a dozen functions, which the page's program calls.
//
// The program keeps the text. It is told every edit, and says what is shown: this keeps no more than what a
// text editor has of its own: cursor, undo and scrolling, one of each for every text that was shown.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

import { layout } from "./layout.js";
import { marks, setLocked, setMarks } from "./marks.js";
import { services } from "./services.js";
import { adoptStyles } from "./sheets.js";

/** Texts whose cursor and undo are kept while others are shown. */
const KEPT_MAX = 40;

/** A change that the page made, not a person. */
const told = Annotation.define();

const label = new Compartment();
const writable = new Compartment();
const compared = new Compartment();

const labelled = (text) => EditorView.contentAttributes.of({ "aria-label": text, id: "policy-code", tabindex: "0" });

const writing = (readOnly) => [
  EditorState.readOnly.of(readOnly),
  // Still to be focused, read and searched by keyboard.
  EditorView.contentAttributes.of(readOnly ? { "aria-readonly": "true" } : {}),
];

function keys(host) {
  const apply = () => {
    host.apply();
    return true;
  };
  const toggle = (view) => {
    host.toggle(lineOf(view));
    return true;
  };
  const look = (view) => {
    host.look(lineOf(view));
    return true;
  };
  return [
    Prec.highest(keymap.of([
      { key: "Ctrl-Enter", run: apply },
      { key: "Meta-Enter", run: apply },
      { key: "F9", run: toggle },
      { key: "Alt-Enter", run: look },
    ])),
    keymap.of([
      ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, indentWithTab,
    ]),
  ];
}

const lineOf = (view) => view.state.doc.lineAt(view.state.selection.main.head).number;

function extensions(host) {
  return [
    keys(host),
    marks((line) => host.toggle(line), () => host.refused()),
    history(),
    layout(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    highlightSelectionMatches(),
    services(host),
    label.of(labelled("")),
    writable.of(writing(false)),
    compared.of([]),
    EditorView.updateListener.of((update) => {
      const typed = update.transactions.some((it) => it.docChanged && !it.annotation(told));
      if (typed) host.edited(update.state.doc.toString());
    }),
  ];
}

/** The one change that makes `now` of `before`; none if they are the same. */
function change(before, now) {
  if (before === now) return undefined;
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === now.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === now.charCodeAt(now.length - 1 - end)) end++;
  return { from: start, to: before.length - end, insert: now.slice(start, now.length - end) };
}

/** Scrolls a line into sight, within the editor only, unless someone is typing. */
function reveal(view, line) {
  if (view.hasFocus || line < 1 || line > view.state.doc.lines) return;
  const block = view.lineBlockAt(view.state.doc.line(line).from);
  const box = view.scrollDOM;
  const margin = 3 * block.height;
  if (block.top < box.scrollTop + margin || block.bottom + margin > box.scrollTop + box.clientHeight) {
    box.scrollTop = Math.max(0, block.top - box.clientHeight / 2);
  }
}

/** An editor in `parent`. `host` answers: `edited`, `refused`, `apply`, `toggle`, `look`, `tokens`, `complete`, `hover`; `kinds` are names. */
export function mount(parent, host) {
  adoptStyles();
  const all = extensions(host);
  const kept = new Map();
  let shown = "";
  // The line where the program stands, or was given up; 0 if that is not in the shown text.
  let stands = 0;
  // The line that is chosen; 0 if none is.
  let looked = 0;
  const view = new EditorView({ parent, state: EditorState.create({ extensions: all }) });
  // On a phone the editor is out of sight most of the time, and then knows no lines: it comes back to where it stands.
  let height = view.scrollDOM.clientHeight;
  new ResizeObserver(() => {
    const comes = height === 0;
    height = view.scrollDOM.clientHeight;
    if (comes) view.requestMeasure({ read() {}, write: () => reveal(view, stands) });
  }).observe(view.scrollDOM);
  const editor = {
    /** Shows the text that goes by `key`. */
    show(key, name, text, readOnly) {
      if (key !== shown) {
        if (shown) kept.set(shown, { state: view.state, top: view.scrollDOM.scrollTop });
        const before = kept.get(key);
        kept.delete(key);
        if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
        view.setState(before?.state ?? EditorState.create({ doc: text, extensions: all }));
        shown = key;
        const top = before?.top ?? 0;
        stands = 0;
        // Where the program stands goes before where the text was scrolled to.
        view.requestMeasure({ read() {}, write: () => { view.scrollDOM.scrollTop = top; reveal(view, stands); } });
      }
      view.dispatch({
        changes: change(view.state.doc.toString(), text),
        effects: [label.reconfigure(labelled(name)), writable.reconfigure(writing(readOnly))],
        annotations: told.of(true),
        filter: false,
      });
    },
    /** What the compiler says: { from, to, warning, message, hint }. */
    diagnose(found) {
      const length = view.state.doc.length;
      const diagnostics = found.map(({ from, to, warning, message, hint }) => ({
        from: Math.min(from, length),
        to: Math.min(to, length),
        severity: warning ? "warning" : "error",
        message: hint ? `${message}\n${hint}` : message,
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    /** Marks lines, and brings the one where the program stands into sight. */
    mark(what) {
      view.dispatch({ effects: setMarks.of(what) });
      stands = what.current || what.broken;
      // What has just been chosen goes before where the program stands.
      const chosen = what.looked !== looked && what.looked;
      looked = what.looked;
      reveal(view, chosen || stands);
    },
    /** Keeps lines from being edited: [[first, last]]. */
    lock(lines) {
      view.dispatch({ effects: setLocked.of(lines) });
    },
    /** Shows what differs from another text; nothing compares no more. */
    compare(original) {
      const merge = typeof original === "string"
        ? unifiedMergeView({ original, mergeControls: false })
        : [];
      view.dispatch({ effects: compared.reconfigure(merge) });
    },
    /** Puts the cursor at a place, and gives the editor the keyboard. */
    place(at) {
      const anchor = Math.min(at, view.state.doc.length);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    /** The line in which the cursor stands, from 1. */
    line: () => lineOf(view),
    /** The text, as it stands. */
    text: () => view.state.doc.toString(),
    /** Takes the editor away. */
    destroy: () => view.destroy(),
  };
  // For scripts on the page, and its tests.
  parent.editor = editor;
  return editor;
}

globalThis.exokernelEditor = { mount };
