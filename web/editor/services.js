// What the compiler of policies knows of the text, asked of the page's program. No knowledge of Rust here.

import { autocompletion } from "@codemirror/autocomplete";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin, hoverTooltip } from "@codemirror/view";

/** Characters of a text that is coloured at every key; a longer one is when it has rested for so many milliseconds. */
const SHORT = 50_000;
const REST_MS = 300;

/** Colours every piece as what the compiler takes it for. */
function semantic(host) {
  const classes = host.kinds.map((kind) => Decoration.mark({ class: `tok-${kind}` }));
  const decorate = (state) => {
    const builder = new RangeSetBuilder();
    const found = host.tokens(state.doc.toString());
    for (let at = 0; at + 2 < found.length; at += 3) {
      builder.add(found[at], found[at + 1], classes[found[at + 2]]);
    }
    return builder.finish();
  };
  return ViewPlugin.fromClass(class {
    constructor(view) {
      this.decorations = decorate(view.state);
    }
    update(update) {
      if (!update.docChanged) return;
      clearTimeout(this.rests);
      if (update.state.doc.length <= SHORT) {
        this.decorations = decorate(update.state);
        return;
      }
      this.decorations = this.decorations.map(update.changes);
      this.rests = setTimeout(() => {
        this.decorations = decorate(update.view.state);
        update.view.dispatch({});
      }, REST_MS);
    }
    destroy() {
      clearTimeout(this.rests);
    }
  }, { decorations: (plugin) => plugin.decorations });
}

/** Writes a completion: between the brackets of a call, or in the body of a function, is the cursor. */
function write(view, { insert }, from, to) {
  const indent = /^\s*/.exec(view.state.doc.lineAt(from).text)[0];
  let text = insert.replaceAll("\n", `\n${indent}`);
  let cursor = text.length;
  if (insert.endsWith("(")) text += ")";
  const body = insert.indexOf("{\n");
  if (body >= 0) {
    const inner = `\n${indent}    `;
    cursor = body + 1 + inner.length;
    text = text.slice(0, body + 1) + inner + text.slice(body + 1);
  }
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + cursor },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

function about(signature, documentation) {
  const dom = document.createElement("div");
  dom.className = "cm-about";
  const code = dom.appendChild(document.createElement("code"));
  code.textContent = signature;
  if (documentation) dom.appendChild(document.createElement("p")).textContent = documentation;
  return dom;
}

function completions(host) {
  return (context) => {
    const begun = context.matchBefore(/\w+|\.|::/);
    if (!context.explicit && !begun) return null;
    const found = host.complete(context.state.doc.toString(), context.pos);
    if (!found.length) return null;
    const options = found.map((it, rank) => ({
      label: it.label,
      detail: it.kind,
      boost: 99 - Math.min(rank, 198),
      info: () => about(it.detail, it.documentation),
      apply: (view, _completion, from, to) => write(view, it, from, to),
    }));
    return { from: found[0].from, options, validFor: /^\w*$/ };
  };
}

function hover(host) {
  return hoverTooltip((view, pos) => {
    const found = host.hover(view.state.doc.toString(), pos);
    if (!found) return null;
    const { from, to, signature, documentation } = found;
    return { pos: from, end: to, above: true, create: () => ({ dom: about(signature, documentation) }) };
  });
}

/** Colours, completion and help on words. */
export function services(host) {
  return [
    semantic(host),
    hover(host),
    autocompletion({ override: [completions(host)], icons: false, aboveCursor: false }),
  ];
}
