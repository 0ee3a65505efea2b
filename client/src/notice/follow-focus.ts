import { focusedElement, rememberCaret } from './caret.ts';

/**
 * Returns the focus to its origin, or to the page, when a focused control disappears with its bar. The function is called
 * before, and its result afterwards.
 */
export function followFocus(region: HTMLElement): () => () => void {
  let origin: HTMLElement | null = null;
  let restoreCaret = (): void => {};
  let isInside = false;
  region.addEventListener('focusin', ({ relatedTarget }) => {
    const wasInside = isInside;
    isInside = true;
    if (wasInside || !(relatedTarget instanceof HTMLElement) || relatedTarget === document.body) return;
    origin = relatedTarget;
    restoreCaret = rememberCaret(origin);
  });
  region.addEventListener('focusout', ({ relatedTarget }) => {
    // A dialog that was opened from the bar gives the focus back.
    isInside =
      relatedTarget instanceof Element &&
      (region.contains(relatedTarget) || relatedTarget.closest('dialog, [role$=dialog]') !== null);
  });

  function restore(): void {
    isInside = region.contains(focusedElement());
    if (document.activeElement !== document.body) return;
    const target = origin?.isConnected ? origin : document.querySelector<HTMLElement>('main, #main');
    target?.focus({ preventScroll: true });
    restoreCaret();
  }

  return () => {
    const focused = focusedElement();
    if (!isInside && !region.contains(focused)) return () => {};
    const dialog = region.contains(focused) ? null : focused?.closest('dialog');
    // It gives the focus back to a control that is gone by then.
    return () => (dialog ? dialog.addEventListener('close', restore, { once: true }) : restore());
  };
}
