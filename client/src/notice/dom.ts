/** Creates an element. No text goes through HTML, and no style through an attribute: pages may forbid both. */
export function create<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** Null removes an attribute. */
export function setAttributes(element: Element, attributes: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

const written = new WeakMap<Element, string>();

/** Writes a text when it has changed since it was written: in between, a translator may have put another one there. */
export function write(element: Element, text: string): void {
  if (written.get(element) === text) return;
  written.set(element, text);
  element.textContent = text;
}

/** Longer than a browser takes to tell a screen reader of a change. */
const QUIET_MS = 1000;

const quiet = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>();

/**
 * Says of what language the texts in an element are. What a live region has spoken is not spoken again in another one:
 * it keeps quiet about the change of its texts that goes with this.
 */
export function setLanguage(element: HTMLElement, tag: string, liveRegion = element): void {
  if (element.lang === tag) return;
  const isChange = element.lang !== '';
  element.lang = tag;
  if (!isChange || liveRegion.textContent === '') return;
  setAttributes(liveRegion, { 'aria-live': 'off' });
  clearTimeout(quiet.get(liveRegion));
  quiet.set(
    liveRegion,
    setTimeout(() => speakAgain(liveRegion), QUIET_MS),
  );
}

/** Ends the quiet of `setLanguage`, for what is new. */
export function speakAgain(liveRegion: HTMLElement): void {
  liveRegion.removeAttribute('aria-live');
}

export interface Button {
  readonly element: HTMLButtonElement;
  /** `isBusy`: its action is under way, and a click does nothing. It keeps the focus. */
  update(label: string, isBusy?: boolean): void;
}

export function createButton(
  part: 'main' | 'plain' | 'close',
  onClick: () => void,
  type: 'button' | 'submit' = 'button',
): Button {
  const text = create('span', { dir: 'auto' });
  const element = create('button', { type, part: `button ${part}`, class: part }, text);
  element.onclick = () => {
    if (element.getAttribute('aria-disabled') !== 'true') onClick();
  };
  return {
    element,
    update(label, isBusy = false) {
      write(text, label);
      setAttributes(element, { 'aria-disabled': isBusy ? 'true' : null });
    },
  };
}
