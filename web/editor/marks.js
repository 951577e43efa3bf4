// What stands beside and behind the lines: breakpoints, where the program stands, values, what is locked.

import { EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, GutterMarker, WidgetType, gutter, gutterLineClass, lineNumbers,
} from "@codemirror/view";

/** Marks of lines, from 1: { breakpoints, errors, warnings: [line], current, broken, looked: line or 0, values: [[line, text]] }. */
export const setMarks = StateEffect.define();
/** Lines that cannot be edited: [[first, last]], from 1. */
export const setLocked = StateEffect.define();

const NONE = { breakpoints: [], errors: [], warnings: [], current: 0, broken: 0, looked: 0, values: [] };

class LineMark extends GutterMarker {
  constructor(classes) {
    super();
    this.elementClass = classes;
  }
  eq(other) {
    return other.elementClass === this.elementClass;
  }
}

class Sign extends GutterMarker {
  constructor(sign) {
    super();
    this.sign = sign;
  }
  eq(other) {
    return other.sign === this.sign;
  }
  toDOM() {
    const span = document.createElement("span");
    span.textContent = this.sign;
    return span;
  }
}

/** What the names of a line hold: behind its text, cut short; where the program stands in full, on a line of its own. */
class Values extends WidgetType {
  constructor(text, own) {
    super();
    this.text = text;
    this.own = own;
  }
  eq(other) {
    return other.text === this.text && other.own === this.own;
  }
  toDOM() {
    const element = document.createElement(this.own ? "div" : "span");
    element.className = this.own ? "cm-values cm-values-now" : "cm-values";
    element.textContent = this.text;
    if (!this.own) element.title = this.text;
    return element;
  }
  ignoreEvent() {
    return false;
  }
}

const classesOf = (marks, line) => [
  marks.breakpoints.includes(line) && "stop",
  marks.current === line && "cur",
  (marks.errors.includes(line) || marks.broken === line) && "err",
  marks.warnings.includes(line) && "warns",
  marks.looked === line && "looked",
].filter(Boolean).join(" ");

const signOf = (marks, line) => {
  if (marks.errors.includes(line)) return "!";
  if (marks.broken === line) return "✕";
  if (marks.current === line) return "▶";
  if (marks.warnings.includes(line)) return "?";
  return marks.looked === line ? "◆" : "";
};

/** Each line's things in order of lines, as a set of ranges; `of` gives one, or nothing. */
function byLine(state, lines, of) {
  const builder = new RangeSetBuilder();
  for (const number of [...new Set(lines)].sort((a, b) => a - b)) {
    if (number < 1 || number > state.doc.lines) continue;
    of(state.doc.line(number), (from, value) => builder.add(from, from, value));
  }
  return builder.finish();
}

function drawn(marks, state) {
  const marked = [...marks.breakpoints, ...marks.errors, ...marks.warnings, marks.current, marks.broken, marks.looked];
  const texts = new Map(marks.values);
  return {
    marks,
    gutter: byLine(state, marked, (line, add) => add(line.from, new LineMark(classesOf(marks, line.number)))),
    signs: byLine(state, marked, (line, add) => {
      const sign = signOf(marks, line.number);
      if (sign) add(line.from, new Sign(sign));
    }),
    lines: byLine(state, [marks.current, marks.looked, ...texts.keys()], (line, add) => {
      const classes = [line.number === marks.current && "cm-now", line.number === marks.looked && "cm-looked"];
      const own = line.number === marks.current;
      if (classes.some(Boolean)) add(line.from, Decoration.line({ class: classes.filter(Boolean).join(" ") }));
      const text = texts.get(line.number);
      if (!text) return;
      add(line.to, Decoration.widget({ widget: new Values(text, own), side: 1, block: own }));
    }),
  };
}

const markField = StateField.define({
  create: (state) => drawn(NONE, state),
  update(value, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setMarks));
    if (set) return drawn(set.value, transaction.state);
    if (!transaction.docChanged) return value;
    const { changes } = transaction;
    return {
      marks: value.marks,
      gutter: value.gutter.map(changes),
      signs: value.signs.map(changes),
      lines: value.lines.map(changes),
    };
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.lines),
    gutterLineClass.from(field, (value) => value.gutter),
  ],
});

const lockField = StateField.define({
  create: () => Decoration.none,
  update(locked, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setLocked));
    if (!set) return locked.map(transaction.changes);
    const { doc } = transaction.state;
    const known = set.value.filter(([first, last]) => first >= 1 && last >= first && last <= doc.lines);
    return Decoration.set(known.map(([first, last]) =>
      Decoration.mark({ class: "cm-locked", inclusive: false }).range(doc.line(first).from, doc.line(last).to)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Keeps what is typed out of locked lines, their first and last character included; `refused` is told of it, later. */
const lock = (refused) => EditorState.changeFilter.of((transaction) => {
  const ranges = [];
  let hit = false;
  transaction.startState.field(lockField).between(0, transaction.startState.doc.length, (from, to) => {
    ranges.push(from, to);
    hit ||= !!transaction.changes.touchesRange(from, to);
  });
  if (hit) queueMicrotask(refused);
  return ranges.length ? ranges : true;
});

/** Gutters, marks and locked lines. `toggle` is told the line whose number is clicked. */
export function marks(toggle, refused) {
  const click = (view, block) => {
    toggle(view.state.doc.lineAt(block.from).number);
    return true;
  };
  const domEventHandlers = { mousedown: (view, block, event) => event.button === 0 && click(view, block) };
  return [
    markField,
    lockField,
    lock(refused),
    gutter({ class: "cm-signs", markers: (view) => view.state.field(markField).signs, domEventHandlers }),
    lineNumbers({ domEventHandlers }),
  ];
}
