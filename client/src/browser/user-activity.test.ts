import { type ActivityElement, type ActivityRoot, listenToActivity } from './user-activity.ts';

type Listener = (event: Event) => void;

/** As much of an event target as listening needs; real events cannot be made trusted. */
function createTarget() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    listeners,
    get size() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0);
    },
    addEventListener(type: string, listener: unknown, { signal }: { signal?: AbortSignal } = {}) {
      const known = listeners.get(type) ?? new Set();
      listeners.set(type, known.add(listener as Listener));
      signal?.addEventListener('abort', () => known.delete(listener as Listener));
    },
    fire: (type: string, event: object = { isTrusted: true }) =>
      listeners.get(type)?.forEach((listener) => listener({ type, ...event } as Event)),
  };
}

/** A document or a shadow root with its frames. */
function createRoot(frames: ActivityElement[] = [], activeElement: ActivityElement | null = null) {
  const window = createTarget();
  const root = { window, defaultView: window, activeElement, querySelectorAll: () => frames };
  return Object.assign(createTarget(), root) satisfies ActivityRoot;
}

function listen(document: ActivityRoot) {
  const acts = { count: 0, last: '' };
  const stop = listenToActivity(document, (activity) => {
    acts.count += 1;
    acts.last = activity;
  });
  return { acts, stop };
}

/** The focus may move after the event that reports it. */
const focusMoves = () => new Promise((done) => setTimeout(done, 0));

test('what a person does is activity, also where only a click comes; what a script does and a scroll are not', () => {
  const document = createRoot();
  const { window } = document;
  const { acts, stop } = listen(document);
  const done = ['keydown', 'pointerdown', 'click', 'beforeinput', 'input', 'paste', 'drop', 'wheel'];
  for (const type of done) {
    window.fire(type);
    expect(acts.last).toBe(type === 'wheel' ? 'user-reading' : 'user-active');
  }
  expect(acts.count).toBe(done.length);
  window.fire('click', { isTrusted: false });
  for (const type of ['scroll', 'mousemove', 'focus', 'load']) window.fire(type);
  expect(acts.count).toBe(done.length);
  stop();
  expect(document.size + document.window.size).toBe(0);
});

test('frames are listened to as they come, load another document, or write it themselves', () => {
  const nested = createRoot();
  const editor = createRoot([{ contentDocument: nested }]);
  const foreign: ActivityElement = { contentDocument: null };
  const document = createRoot([{ contentDocument: editor }, foreign]);
  const { acts, stop } = listen(document);
  for (const { window } of [editor, nested]) window.fire('input');
  expect(acts.count).toBe(2);

  const added = createRoot();
  document.fire('load', { target: { contentDocument: added } });
  const another = createRoot();
  editor.fire('load', { target: { contentDocument: another } });
  document.fire('load', { target: { tagName: 'IMG' } });
  added.window.listeners.clear();
  document.fire('load', { target: { contentDocument: added } });
  for (const { window } of [added, another]) window.fire('keydown');
  expect(acts.count).toBe(4);

  stop();
  for (const root of [document, editor, nested, added, another]) expect(root.size + root.window.size).toBe(0);
});

test('a frame in a shadow tree, and one that never finishes loading, are listened to once they are focused', async () => {
  const document = createRoot();
  const { acts, stop } = listen(document);
  const editor = createRoot();
  const tree = createRoot([{ contentDocument: editor }], { contentDocument: editor });
  document.activeElement = { shadowRoot: tree };
  document.window.fire('blur');
  await focusMoves();
  editor.window.fire('keydown');
  expect(acts.count).toBe(1);

  const navigated = createRoot();
  tree.fire('load', { target: { contentDocument: navigated } });
  navigated.window.fire('keydown');
  const loading = createRoot();
  document.activeElement = { contentDocument: loading };
  navigated.window.fire('blur');
  await focusMoves();
  loading.window.fire('keydown');
  expect(acts.count).toBe(3);

  const tooLate = createRoot();
  document.activeElement = { contentDocument: tooLate };
  loading.window.fire('blur');
  stop();
  await focusMoves();
  expect(tooLate.window.size + tree.size + editor.window.size).toBe(0);
});

test('an editor that draws its text itself is listened to while it has the focus from the start, or from later on', async () => {
  const document = createRoot();
  const [first, second] = [createTarget(), createTarget()];
  document.activeElement = { editContext: first };
  const { acts, stop } = listen(document);
  await focusMoves();
  first.fire('textupdate');
  expect(acts).toEqual({ count: 1, last: 'user-active' });
  document.activeElement = { shadowRoot: createRoot([], { editContext: second }) };
  document.window.fire('focus');
  await focusMoves();
  second.fire('textupdate');
  second.fire('textupdate', { isTrusted: false });
  expect(acts.count).toBe(2);
  stop();
  expect(first.size + second.size).toBe(0);
});
