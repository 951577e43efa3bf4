// How lines are indented while one types: by brackets, which is all that the layout of Rust needs until the
// text is formatted. A grammar of Rust would be a quarter of the bundle, and the colours come from the compiler.

import { indentService, indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";

const LANGUAGE = {
  commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
  closeBrackets: { brackets: ["(", "[", "{", '"'] },
  indentOnInput: /^\s*[)\]}]$/,
};

/** What is left of a line for its brackets to be counted: no comment, no text. */
const bare = (line) => line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'/g, "").replace(/\/\/.*/, "");

const indentOf = (line) => /^\s*/.exec(line)[0].length;

/** As the line before, one step deeper if that leaves a bracket open, one less if this one begins by closing it. */
function indentation(context, pos) {
  const { unit, state } = context;
  const broken = context.lineAt(pos, -1);
  // Where a line is being broken, the line before is the rest of it.
  let before = broken.from < pos ? broken.text : "";
  for (let number = state.doc.lineAt(pos).number - 1; !before.trim(); number -= 1) {
    if (number < 1) return 0;
    before = state.doc.line(number).text;
  }
  const text = bare(before).replace(/^\s*[)\]}]+/, "");
  const open = (text.match(/[([{]/g) ?? []).length > (text.match(/[)\]}]/g) ?? []).length;
  const closes = /^\s*[)\]}]/.test(context.textAfterPos(pos, 1));
  return Math.max(0, indentOf(before) + (open ? unit : 0) - (closes ? unit : 0));
}

/** Indentation, and which characters begin a comment or come in pairs. */
export function layout() {
  return [
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    EditorState.languageData.of(() => [LANGUAGE]),
    indentService.of(indentation),
  ];
}
