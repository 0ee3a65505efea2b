import { focusedElement, rememberCaret } from './caret.ts';

/**
 * Shows a dialog above everything, other dialogs too. A native modal one: it makes the rest of the page inert and returns
 * the focus. It stays until the function that is returned closes it.
 */
export function openModal(
  element: HTMLDialogElement,
  focus: HTMLElement | null,
  onEscape: () => void,
): () => void {
  let isOpen = true;
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
    if (isOpen && element.isConnected && !element.open) element.showModal();
  };
  // Dialogs of the page may let nothing scroll outside of them.
  for (const name of ['wheel', 'touchmove'])
    element.addEventListener(name, (event) => event.stopPropagation(), { passive: true });

  const restoreCaret = rememberCaret(focusedElement());
  element.showModal();
  focus?.focus();
  return () => {
    isOpen = false;
    element.close();
    restoreCaret();
  };
}
