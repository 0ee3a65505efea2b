/** The element with the focus, also inside of shadow roots. */
export function focusedElement(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/**
 * Remembers where the caret is in a text field. The function sets it again, if the field has the focus: Chromium may put
 * it at the start after the field was inert while another one was typed into.
 */
export function rememberCaret(field: Element | null): () => void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return () => {};
  const { selectionStart, selectionEnd, selectionDirection, scrollTop } = field;
  return () => {
    // Fields without a caret, such as an e-mail, have none to set.
    if (selectionStart === null || focusedElement() !== field) return;
    field.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
    field.scrollTop = scrollTop;
  };
}
