import { type BrowserEnv, type KeyValueStore, type PageEvents } from './browser-env.ts';

const ACTIVITY = ['keydown', 'pointerdown', 'input', 'paste'] as const;

type Target = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** The globals that browsers add to other JavaScript runtimes. */
interface BrowserGlobals extends Target {
  document?: Target & { visibilityState: string };
  location?: { href: string; reload(): void };
  navigator?: { locks?: unknown };
  localStorage: KeyValueStore;
  sessionStorage: KeyValueStore;
}

const browserGlobals = (): BrowserGlobals => globalThis as unknown as BrowserGlobals;

/** The real browser. In Node, or in an insecure context, the missing parts are null. */
export function browserDefaults(): BrowserEnv {
  const globals = browserGlobals();
  const { document } = globals;
  return {
    now: () => Date.now(),
    setTimeout: (task, milliseconds) => setTimeout(task, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    fetch: (input, init) => fetch(input, init),
    localStorage: storageNamed('localStorage'),
    sessionStorage: storageNamed('sessionStorage'),
    locks: (document && (globals.navigator?.locks as BrowserEnv['locks'] | undefined)) ?? null,
    openChannel(name) {
      if (!document || typeof BroadcastChannel === 'undefined') return null;
      const channel = new BroadcastChannel(name);
      return {
        post: (message) => channel.postMessage(message),
        listen(listener) {
          channel.onmessage = ({ data }: { data: unknown }) => listener(data);
        },
        close: () => channel.close(),
      };
    },
    page: document ? pageEvents(globals, document) : NO_PAGE,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

const NO_PAGE: PageEvents = {
  isVisible: () => true,
  onReturn: () => () => {},
  onActivity: () => () => {},
};

export function pageEvents(window: Target, document: Target & { visibilityState: string }): PageEvents {
  const isVisible = (): boolean => document.visibilityState === 'visible';

  return {
    isVisible,

    onReturn(listener) {
      const onVisibility = (): void => void (isVisible() && listener());
      // From the back/forward cache; any other load starts a new page.
      const onShow = (event: Event): void =>
        void ((event as { persisted?: boolean }).persisted && listener());
      document.addEventListener('visibilitychange', onVisibility);
      window.addEventListener('pageshow', onShow);
      window.addEventListener('focus', listener);
      window.addEventListener('online', listener);
      return () => {
        document.removeEventListener('visibilitychange', onVisibility);
        window.removeEventListener('pageshow', onShow);
        window.removeEventListener('focus', listener);
        window.removeEventListener('online', listener);
      };
    },

    onActivity(listener) {
      // Clicks of a script are not activity of the user.
      const onEvent = (event: Event): void => void (event.isTrusted && listener());
      const options = { capture: true, passive: true };
      for (const type of ACTIVITY) document.addEventListener(type, onEvent, options);
      return () => {
        for (const type of ACTIVITY) document.removeEventListener(type, onEvent, options);
      };
    },
  };
}

/** With cookies blocked, access to the property itself throws. */
function storageNamed(name: 'localStorage' | 'sessionStorage'): KeyValueStore | null {
  const globals = browserGlobals();
  if (!globals.document) return null;
  try {
    return globals[name];
  } catch {
    return null;
  }
}

/** Resolves a path against the address of the page. */
export const absoluteUrl = (url: string): URL => new URL(url, browserGlobals().location?.href);

export const reloadPage = (): void => browserGlobals().location?.reload();
