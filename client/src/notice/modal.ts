import { focusedElement, rememberCaret } from './caret.ts';

/**
 * Shows a dialog above everything, other dialogs too. A native modal one: it makes the rest of the page inert and returns
 * the focus. It stays until the function that is returned closes it.
 */
export function openModal(element: HTMLDialogElement, focus: HTMLElement, onEscape: () => void): () => void {
  const escape = (event: Event): void => {
    event.preventDefault();
    // Dialogs of the page below must not close by it.
    event.stopPropagation();
    onEscape();
  };
  element.onkeydown = (event) => {
    if (event.key === 'Escape') escape(event);
  };
  element.oncancel = escape;
  // Browsers close a dialog on repeated Escape even though `cancel` is prevented.
  element.onclose = () => {
    if (element.isConnected && !element.open) show();
  };
  // Dialogs of the page may let nothing scroll outside of them.
  for (const name of ['wheel', 'touchmove'])
    element.addEventListener(name, (event) => event.stopPropagation(), { passive: true });

  const show = (): void => {
    element.showModal();
    focus.focus();
  };
  const restoreCaret = rememberCaret(focusedElement());
  show();
  return () => {
    element.onclose = null;
    element.close();
    restoreCaret();
  };
}
