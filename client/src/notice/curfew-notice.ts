import { type SessionEnd, type SessionState } from '../core/session-state.ts';
import { type SessionWatcher } from '../watcher.ts';
import { createLanguage, type Language, tagsFor } from './language.ts';
import { en } from './messages/en.ts';
import { createTextStore, languageFor, type LoadTexts, type TextStore } from './messages/text-store.ts';
import { type NoticeTexts } from './messages/texts.ts';
import { ADDRESSES, createOwnWatcher } from './own-watcher.ts';
import { createPresenter, type Presenter } from './presenter.ts';
import { addSheet } from './style-sheets.ts';
import { CSS } from './stylesheet.ts';

/** A deadline has passed, and the session is over. */
export type CurfewExpiredEvent = CustomEvent<Extract<SessionEnd, { kind: 'expired' }>>;
/** The session was ended otherwise, and not by the user in this browser. */
export type CurfewRevokedEvent = CustomEvent<Extract<SessionEnd, { kind: 'ended' | 'refused' }>>;
/** What was warned of is put off, from this tab or another. `expiresAt`: when the session ends now, by this computer's clock. */
export type CurfewExtendedEvent = CustomEvent<{ expiresAt: Date }>;
/** The user is to authenticate again. `isUnasked`: without a click, as the last minute has begun. */
export type CurfewReauthenticateEvent = CustomEvent<{ isUnasked: boolean }>;

/** On a server there are no elements: there the class can be imported, and not be used. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** What is watched by an element now. Two elements that would watch the same show it once. */
const watchedBy = new Map<SessionWatcher | string, CurfewNotice>();
const waiting = new Set<CurfewNotice>();

/** Whenever one of these changes, texts that could not be loaded are tried again. */
const NEED_TEXTS = ['status', 'warning', 'connection'] as const;

let servedFrom: string | null = null;
let store: TextStore | null = null;

/** `<curfew-notice>`: warns before a session ends, and extends it. See docs/notice.md. */
export class CurfewNotice extends Base {
  static readonly observedAttributes: readonly string[] = [
    ...ADDRESSES,
    'sign-in-url',
    'lang',
    'hour-cycle',
    'keep-title',
  ];

  #presenter: Presenter | null = null;
  #given: SessionWatcher | null | undefined;
  #messages: Partial<NoticeTexts> = {};
  #isScheduled = false;
  /** What is watched, as a key of `watchedBy`. */
  #key: SessionWatcher | string | null = null;
  #watcher: SessionWatcher | null = null;
  #isOwn = false;
  #last: SessionState | null = null;
  #unsubscribe = (): void => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #language: { key: string; made: Language } | null = null;
  /** Ends what the element listens to. */
  #connected: AbortController | null = null;
  #pageLanguage: MutationObserver | null = null;

  /**
   * The watcher whose session is shown: the one that was set, which is neither started nor stopped here, or else the one
   * that the element made by its attributes. Set null to show nothing, and undefined to go by the attributes.
   */
  get watcher(): SessionWatcher | null {
    return this.#given ?? this.#watcher;
  }

  set watcher(watcher: SessionWatcher | null | undefined) {
    this.#given = watcher;
    this.#schedule();
  }

  /** Texts in place of the built-in ones, by their keys. */
  get messages(): Partial<NoticeTexts> {
    return this.#messages;
  }

  set messages(messages: Partial<NoticeTexts> | null | undefined) {
    this.#messages = messages ?? {};
    this.#language = null;
    this.#render();
  }

  connectedCallback(): void {
    this.#upgrade('watcher');
    this.#upgrade('messages');
    this.#presenter ??= createPresenter({
      root: this.#createRoot(),
      getLanguage: () => this.#getLanguage(),
      getSignInUrl: () => this.#signInUrl(),
      hasTitle: () => !this.hasAttribute('keep-title'),
      askPage: (isUnasked) => this.#fire('curfew-reauthenticate', { isUnasked }, true),
    });
    // Of an element that is moved a dialog stays open, but over nothing. Closed, it opens again.
    this.shadowRoot!.querySelector('dialog')?.close();
    this.#connected = new AbortController();
    document.addEventListener('visibilitychange', this.#render, this.#connected);
    addEventListener('online', this.#loadTexts, this.#connected);
    this.#pageLanguage ??= new MutationObserver(this.#render);
    this.#pageLanguage.observe(document, { subtree: true, attributeFilter: ['lang'] });
    // Before anything is to be shown, as there may be no connection then.
    this.#loadTexts();
    this.#schedule();
  }

  #createRoot(): ShadowRoot {
    const root = this.attachShadow({ mode: 'open' });
    addSheet(root, CSS);
    return root;
  }

  disconnectedCallback(): void {
    this.#connected?.abort();
    this.#pageLanguage?.disconnect();
    this.#schedule();
  }

  attributeChangedCallback(): void {
    this.#schedule();
    this.#render();
  }

  /** A property that was set before the element was defined hides the accessor. */
  #upgrade(name: 'watcher' | 'messages'): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name] as never;
    delete (this as Partial<Record<typeof name, unknown>>)[name];
    this[name] = value;
  }

  /** In a microtask: an element that is moved is taken out and put in again, and attributes come one by one. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#settle();
    });
  }

  #settle(): void {
    // One that has left the page must not wait, and so be kept, for ever.
    waiting.delete(this);
    const key = this.#wantedKey();
    if (key === this.#key) return;
    this.#release();
    if (key === null) return;
    if (watchedBy.has(key)) {
      waiting.add(this);
      return;
    }
    try {
      this.#watch(key);
    } catch (error) {
      // Nothing waits for an element; where it is not set up, the console is what its author looks at.
      // eslint-disable-next-line no-console
      console.error(`<curfew-notice>: ${(error as Error).message}`);
    }
  }

  #wantedKey(): SessionWatcher | string | null {
    if (!this.isConnected) return null;
    if (this.#given !== undefined) return this.#given;
    return JSON.stringify(ADDRESSES.map((name) => this.getAttribute(name)));
  }

  #watch(key: SessionWatcher | string): void {
    const isOwn = typeof key === 'string';
    const watcher = isOwn ? createOwnWatcher(this, servedFrom) : key;
    this.#key = key;
    this.#isOwn = isOwn;
    this.#watcher = watcher;
    watchedBy.set(key, this);
    this.#last = watcher.getState();
    this.#unsubscribe = watcher.subscribe(this.#onChange);
    if (isOwn) watcher.start();
    this.#onChange();
  }

  #release(): void {
    if (this.#key === null) return;
    this.#unsubscribe();
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isOwn) this.#watcher?.stop();
    watchedBy.delete(this.#key);
    this.#key = this.#watcher = this.#last = null;
    this.#presenter?.clear();
    for (const other of waiting) other.#schedule();
  }

  readonly #onChange = (): void => {
    const state = this.#watcher?.getState();
    const last = this.#last;
    if (!state || !last) return;
    this.#last = state;
    if (NEED_TEXTS.some((name) => state[name] !== last[name])) this.#loadTexts();
    const isWarned = state.warning !== 'none' && state.expiresAt !== null;
    if (isWarned) this.#timer ??= setInterval(this.#render, 1000);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#render();
    this.#report(last, state);
  };

  #report(last: SessionState, state: SessionState): void {
    const { status, ending, session } = state;
    if (status === 'over' && last.status !== 'over' && ending && ending.kind !== 'left') {
      const name = ending.kind === 'expired' ? 'curfew-expired' : 'curfew-revoked';
      if (this.#fire(name, ending, true)) this.#presenter?.showEnd(ending);
    }
    if (status !== 'active' || last.status !== 'active' || !session || last.expiresAt === null) return;
    const expiresAt = Math.min(session.idleExpiresAt, session.absoluteExpiresAt);
    if (state.expiresAt !== last.expiresAt && expiresAt > last.expiresAt)
      this.#fire('curfew-extended', { expiresAt: this.#watcher!.toLocal(expiresAt) }, false);
  }

  /** Returns whether the page has not prevented it. */
  #fire(name: string, detail: object, cancelable: boolean): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }

  readonly #render = (): void => {
    if (this.isConnected) this.#presenter?.render(this.#watcher);
  };

  /** Shows the texts once they are there. */
  readonly #loadTexts = (): void => {
    const language = languageFor(tagsFor(this));
    if (store && !store.get(language)) void store.load(language).then((isThere) => isThere && this.#render());
  };

  #getLanguage(): Language {
    const tags = tagsFor(this);
    const hourCycle = this.getAttribute('hour-cycle');
    const wanted = languageFor(tags);
    const texts = store?.get(wanted);
    const key = `${tags.join()} ${hourCycle} ${Boolean(texts)}`;
    if (this.#language?.key !== key) {
      const [tag, builtIn] = texts ? [wanted, texts] : ['en', en];
      this.#language = { key, made: createLanguage(tag, builtIn, tags, this.#messages, hourCycle) };
      if (!texts) this.#loadTexts();
    }
    return this.#language.made;
  }

  /** Only an address of the web: what else a page lets into the attribute could run as a script. */
  #signInUrl(): string | null {
    const value = this.getAttribute('sign-in-url');
    if (value === null) return null;
    try {
      const { href, protocol } = new URL(value, document.baseURI);
      return /^https?:$/.test(protocol) ? href : null;
    } catch {
      return null;
    }
  }
}

/**
 * Defines `<curfew-notice>`, once. `from`: the address that Curfew served this module from; null: it came from elsewhere,
 * such as a bundler. `loadTexts`: where it has the texts of other languages from.
 */
export function defineCurfewNotice(from: string | null, loadTexts: LoadTexts): void {
  servedFrom ??= from;
  store ??= createTextStore(loadTexts);
  if (typeof customElements === 'undefined' || customElements.get('curfew-notice')) return;
  customElements.define('curfew-notice', CurfewNotice);
}

declare global {
  interface HTMLElementTagNameMap {
    'curfew-notice': CurfewNotice;
  }
  // They bubble: a page may listen to the element, the document or the window.
  interface GlobalEventHandlersEventMap {
    'curfew-expired': CurfewExpiredEvent;
    'curfew-revoked': CurfewRevokedEvent;
    'curfew-extended': CurfewExtendedEvent;
    'curfew-reauthenticate': CurfewReauthenticateEvent;
  }
}
