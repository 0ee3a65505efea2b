import { pageEvents } from './browser-defaults.ts';

/** As much of a document or window as listening needs; real events cannot be made trusted. */
function createTarget() {
  const listeners = new Map<string, (event: Event) => void>();
  return {
    visibilityState: 'visible',
    listeners,
    addEventListener: (type: string, listener: unknown) => void listeners.set(type, listener as never),
    removeEventListener: (type: string) => void listeners.delete(type),
    fire: (type: string, event: object = {}) => listeners.get(type)?.(event as Event),
  };
}

test('keys, clicks, taps, input and paste are activity; what a script does is not', () => {
  const document = createTarget();
  let acts = 0;
  const stop = pageEvents(createTarget(), document).onActivity(() => (acts += 1));
  for (const type of ['keydown', 'pointerdown', 'input', 'paste']) document.fire(type, { isTrusted: true });
  expect(acts).toBe(4);
  document.fire('keydown', { isTrusted: false });
  document.fire('mousemove', { isTrusted: true });
  expect(acts).toBe(4);
  stop();
  expect(document.listeners.size).toBe(0);
});

test('a page returns by coming into sight, getting the focus, leaving the cache, or being on line again', () => {
  const [window, document] = [createTarget(), createTarget()];
  let returns = 0;
  const stop = pageEvents(window, document).onReturn(() => (returns += 1));
  document.fire('visibilitychange');
  window.fire('focus');
  window.fire('pageshow', { persisted: true });
  window.fire('online');
  expect(returns).toBe(4);
  document.visibilityState = 'hidden';
  document.fire('visibilitychange');
  window.fire('pageshow', { persisted: false });
  expect(returns).toBe(4);
  stop();
  expect(window.listeners.size + document.listeners.size).toBe(0);
});
