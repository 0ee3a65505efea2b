import type { Page } from 'playwright-core';

/** Begins the console error for a change of a text that the translator has taken off the page. */
const UNSEEN_CHANGE = 'A text changed that the translator has replaced:';

/**
 * Makes the page one that its browser translates, as Google Translate does: each text node is replaced by two `<font>`
 * elements, on load and as texts appear. The words stay the same, so that a test finds them. Call it before the page loads.
 */
export async function translate(page: Page): Promise<void> {
  await page.addInitScript(replaceTexts, UNSEEN_CHANGE);
}

function replaceTexts(unseenChange: string): void {
  const UNTOUCHED = 'title, script, style, noscript, textarea, svg, font, [translate=no]';
  const unseen = new MutationObserver((changes) => {
    // eslint-disable-next-line no-console -- what a page logs fails its test.
    for (const { target } of changes) console.error(`${unseenChange} ${target.textContent}`);
  });

  const replace = (text: Text) => {
    const parent = text.parentElement;
    if (text.data === '' || !parent || parent.closest(UNTOUCHED)) return;
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    outer.append(inner);
    inner.append(text.data);
    text.replaceWith(outer);
    unseen.observe(text, { characterData: true });
  };
  const replaceIn = (node: Node) => {
    if (node instanceof Text) return replace(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) replace(text);
  };

  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) replaceIn(node);
  }).observe(document, { childList: true, subtree: true });
}
