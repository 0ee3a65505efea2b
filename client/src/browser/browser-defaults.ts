import {
  type BrowserEnv,
  type KeyValueStore,
  type LockManager,
  type PageEvents,
  type Target,
} from './browser-env.ts';
import { type ActivityRoot, listenToActivity } from './user-activity.ts';

interface PageDocument extends ActivityRoot {
  readonly visibilityState: string;
}

/** The globals that browsers add to other JavaScript runtimes. */
interface BrowserGlobals extends Target {
  document?: PageDocument;
  location?: { href: string; reload(): void };
  navigator?: { locks?: LockManager };
  localStorage: KeyValueStore | null;
  sessionStorage: KeyValueStore | null;
}

const browserGlobals = (): BrowserGlobals => globalThis as unknown as BrowserGlobals;

/** The real browser. What is missing or denied, as in Node, in an insecure context or with cookies blocked, is null. */
export function browserDefaults(): BrowserEnv {
  const globals = browserGlobals();
  const { document } = globals;
  /** Where it is denied, access to the property itself throws. */
  function ofPage<T>(read: () => T | null | undefined): T | null {
    try {
      return (document && read()) ?? null;
    } catch {
      return null;
    }
  }
  return {
    now: () => Date.now(),
    setTimeout: (task, milliseconds) => setTimeout(task, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    fetch: (input, init) => fetch(input, init),
    localStorage: ofPage(() => globals.localStorage),
    sessionStorage: ofPage(() => globals.sessionStorage),
    locks: ofPage(() => globals.navigator?.locks),
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

export function pageEvents(window: Target, document: PageDocument): PageEvents {
  const isVisible = (): boolean => document.visibilityState === 'visible';

  return {
    isVisible,

    onReturn(listener) {
      const onVisibility = (): void => void (isVisible() && listener());
      // From the back/forward cache; any other load starts a new page.
      const onShow = (event: Event): void =>
        void ((event as { persisted?: boolean }).persisted && listener());
      const stopped = new AbortController();
      document.addEventListener('visibilitychange', onVisibility, stopped);
      window.addEventListener('pageshow', onShow, stopped);
      for (const type of ['focus', 'online']) window.addEventListener(type, listener, stopped);
      return () => stopped.abort();
    },

    onActivity: (listener) => listenToActivity(document, listener),
  };
}

/** Resolves a path against the address of the page. @throws TypeError without a page, or for an invalid URL */
export function absoluteUrl(url: string): URL {
  const page = browserGlobals().location?.href;
  try {
    return new URL(url, page);
  } catch (cause) {
    throw new TypeError(`url is invalid, or relative where there is no page: ${url}`, { cause });
  }
}

export const reloadPage = (): void => browserGlobals().location?.reload();
