import type { SessionWatcher, TabMessage } from '@curfew/client';
import { readJson, tabStorage } from './browser-storage.ts';
import type { ConfirmationReason } from './identity-confirmation.ts';

/** How it went when a signed-in user went to their provider to confirm that it is them. Contains no secret. */
export type ProviderOutcome =
  | { kind: 'confirmed' }
  | { kind: 'refused'; why: ProviderRefusalReason }
  | { kind: 'rate-limited'; retryAfterSeconds: number | null };

export type ProviderRefusalReason =
  | 'cancelled'
  | 'another-person'
  /** The provider did not ask the user to sign in again. */
  | 'not-asked'
  /** The provider returned an error. */
  | 'provider-error'
  | 'unavailable'
  | 'flow-invalid'
  | 'response-invalid'
  | 'session-over'
  /** Curfew gave no answer, so the user may be confirmed. */
  | 'no-response';

// Messages between the tab that waits and the window of the provider. Any script of the origin can read and forge them, so
// the tab asks the server what is true. The window's opener is of no use: the opener policy of the pages cuts it off.

const OUTCOME = 'provider-confirmation';
const SEEN = 'provider-confirmation-seen';

/** Tells the waiting tab. Resolves to whether it has heard, after at most `timeoutMs`. */
export function reportOutcome(
  watcher: Pick<SessionWatcher, 'announce' | 'onMessage'>,
  attempt: string,
  outcome: ProviderOutcome,
  timeoutMs: number,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = watcher.onMessage((message) => {
    if (message.kind === SEEN && message.attempt === attempt) resolve(true);
  });
  const timer = setTimeout(() => resolve(false), timeoutMs);
  watcher.announce({ kind: OUTCOME, attempt, outcome });
  return promise.finally(() => {
    stop();
    clearTimeout(timer);
  });
}

/** Waits for the outcome of attempts that this tab has started. Returns a function that stops waiting. */
export function onOutcome(
  watcher: Pick<SessionWatcher, 'announce' | 'onMessage'>,
  isOwn: (attempt: string) => boolean,
  listener: (outcome: ProviderOutcome) => void,
): () => void {
  return watcher.onMessage((message: TabMessage) => {
    const { kind, attempt, outcome } = message;
    if (kind !== OUTCOME || typeof attempt !== 'string' || !isOwn(attempt)) return;
    watcher.announce({ kind: SEEN, attempt });
    listener(outcome as ProviderOutcome);
  });
}

/** The outcome in a tab that left its page for the provider, for the page to which it comes back. */
export interface ReturnedOutcome {
  provider: string;
  reason: ConfirmationReason['kind'];
  outcome: ProviderOutcome;
}

const KEY = 'curfew.provider-confirmation';

/** Where nothing is stored, the page says nothing. */
export const keepOutcome = (returned: ReturnedOutcome): void => tabStorage.set(KEY, JSON.stringify(returned));

export const hasReturnedOutcome = (): boolean => tabStorage.get(KEY) !== null;

/** Reads the outcome, once. */
export function takeReturnedOutcome(): ReturnedOutcome | null {
  const stored = readJson(tabStorage, KEY) as Partial<ReturnedOutcome> | null;
  tabStorage.remove(KEY);
  return typeof stored?.outcome?.kind === 'string' ? (stored as ReturnedOutcome) : null;
}
