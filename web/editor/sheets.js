// CodeMirror's styles as constructed style sheets: the page's content security policy lets no
// `<style>` element in, and a sheet that the program itself makes is none.

import { StyleModule } from "style-mod";

const made = new Map();

function sheetOf(module) {
  let sheet = made.get(module);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    made.set(module, sheet);
  }
  return sheet;
}

/** Lets every editor from here on put its styles into `document.adoptedStyleSheets`. */
export function adoptStyles() {
  StyleModule.mount = (_root, modules) => {
    const own = [modules].flat().map(sheetOf);
    // Those of another editor stay; the order of these decides which of two rules holds.
    const others = document.adoptedStyleSheets.filter((sheet) => !own.includes(sheet));
    document.adoptedStyleSheets = [...others, ...own];
  };
}
