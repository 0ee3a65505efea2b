import { createSessionWatcher } from '../session-watcher.ts';
import { absoluteUrl, browserDefaults, pageEvents } from './browser-defaults.ts';

/** As much of a document or window as listening needs. */
function createTarget() {
  const listeners = new Map<string, (event: Event) => void>();
  return {
    visibilityState: 'visible',
    activeElement: null,
    querySelectorAll: () => [],
    listeners,
    addEventListener(type: string, listener: unknown, { signal }: { signal?: AbortSignal } = {}) {
      listeners.set(type, listener as never);
      signal?.addEventListener('abort', () => listeners.delete(type));
    },
    fire: (type: string, event: object = {}) => listeners.get(type)?.(event as Event),
  };
}

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

test('what the browser denies is missing', () => {
  const denied = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  const globals = { document: createTarget(), localStorage: null, sessionStorage: null, navigator: null };
  const before = Object.keys(globals).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  try {
    for (const name of Object.keys(globals))
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get: name === 'document' ? () => globals.document : denied,
      });
    expect(browserDefaults()).toMatchObject({ localStorage: null, sessionStorage: null, locks: null });
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
});

test('a server can render a page with a path for a URL, and cannot start its watcher', () => {
  const watcher = createSessionWatcher({ url: '/graphql' });
  expect(watcher.getState()).toMatchObject({ status: 'starting', warning: 'none' });
  const problem = 'url is invalid, or relative where there is no page: /graphql';
  expect(() => watcher.start()).toThrow(TypeError);
  expect(() => watcher.start()).toThrow(problem);
  watcher.stop();
  expect(() => absoluteUrl('https://')).toThrow(TypeError);
});
