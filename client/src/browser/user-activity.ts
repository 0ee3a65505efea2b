import { type Target, type UserActivity } from './browser-env.ts';

/** Reading: it shows that someone is there, and answers nothing. */
const READING = 'wheel';

/**
 * What only a person does: with keys, a pointer or a wheel, by voice or drag and drop, or through assistive technology,
 * which may send a click alone. Not `scroll`, which scripts cause too.
 */
const ACTIVITY = [
  'keydown',
  'pointerdown',
  'click',
  'beforeinput',
  'input',
  'paste',
  'drop',
  READING,
] as const;

const FRAMES = 'iframe, frame, object';

/** As much of an element as listening needs. A frame has a document only if it is of the same origin. */
export interface ActivityElement {
  readonly contentDocument?: ActivityRoot | null;
  /** Null: closed, or none. */
  readonly shadowRoot?: ActivityRoot | null;
  /** Of an editor that draws its text itself. What is dictated or composed in it is an event of this alone. */
  readonly editContext?: Target | null;
}

/** As much of a document or a shadow root. */
export interface ActivityRoot extends Target {
  readonly activeElement: ActivityElement | null;
  /** Of a document. Null: it is not shown. */
  readonly defaultView?: Target | null;
  querySelectorAll(selectors: string): Iterable<ActivityElement>;
}

/**
 * Listens to the user in a document and its frames of the same origin, nested ones too, as they come and go. Returns a
 * function that stops.
 */
export function listenToActivity(
  document: ActivityRoot,
  listener: (activity: UserActivity) => void,
): () => void {
  const stopped = new AbortController();
  // The signal keeps no document alive whose frame is gone.
  const options = { capture: true, passive: true, signal: stopped.signal };
  let afterFocus: ReturnType<typeof setTimeout> | undefined;

  // Clicks of a script are not activity of the user.
  const onEvent = (event: Event): void =>
    void (event.isTrusted && listener(event.type === READING ? 'user-reading' : 'user-active'));
  // A frame loads again for each of its documents, and after `document.open`, which removes the listeners.
  const onLoad = (event: Event): void => watchFrame(event.target as ActivityElement | null);
  // Some browsers move the focus into a frame only after its event.
  const onFocus = (): void => {
    clearTimeout(afterFocus);
    afterFocus = setTimeout(() => watchFocused(document), 0);
  };

  function watchDocument(root: ActivityRoot): void {
    // The window comes first: a page may keep its keys from all that comes after.
    for (const type of ACTIVITY) root.defaultView?.addEventListener(type, onEvent, options);
    for (const type of ['focus', 'blur']) root.defaultView?.addEventListener(type, onFocus, options);
    watchFrames(root);
  }

  function watchFrames(root: ActivityRoot): void {
    root.addEventListener('load', onLoad, options);
    for (const frame of root.querySelectorAll(FRAMES)) watchFrame(frame);
  }

  function watchFrame(frame: ActivityElement | null): void {
    if (frame?.contentDocument) watchDocument(frame.contentDocument);
  }

  /** Finds frames in shadow trees, whose loads do not reach the document, frames that are still loading, and editors. */
  function watchFocused({ activeElement }: ActivityRoot): void {
    const { shadowRoot, contentDocument, editContext } = activeElement ?? {};
    editContext?.addEventListener('textupdate', onEvent, options);
    if (shadowRoot) watchFrames(shadowRoot);
    watchFrame(activeElement);
    const inner = shadowRoot ?? contentDocument;
    if (inner) watchFocused(inner);
  }

  watchDocument(document);
  onFocus();
  return () => {
    clearTimeout(afterFocus);
    stopped.abort();
  };
}
