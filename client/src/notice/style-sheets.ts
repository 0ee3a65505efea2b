/* eslint-disable curfew/retired-words -- `adoptedStyleSheets` is the browser's own name. */

/** Adds a style sheet that is made by script: no style of a content security policy concerns it. */
export function addSheet(root: Document | ShadowRoot, css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  // Where there is no layout, as in jsdom, neither is there: a test of a page with the element must not fail by it.
  sheet.replaceSync?.(css);
  root.adoptedStyleSheets = [...(root.adoptedStyleSheets ?? []), sheet];
  return sheet;
}

export function removeSheet(root: Document | ShadowRoot, sheet: CSSStyleSheet): void {
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
}
