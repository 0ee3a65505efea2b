import type { SessionWatcher, TabMessage } from '@curfew/client';
import { onOutcome, type ProviderOutcome, reportOutcome } from './provider-confirmation.ts';

/** Two tabs of one browser. */
function tabs() {
  const listeners = [
    new Set<(message: TabMessage) => void>(),
    new Set<(message: TabMessage) => void>(),
  ] as const;
  const tab = (own: 0 | 1): Pick<SessionWatcher, 'announce' | 'onMessage'> => ({
    announce: (message) => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(message)),
    onMessage(listener) {
      listeners[own].add(listener);
      return () => listeners[own].delete(listener);
    },
  });
  return { page: tab(0), window: tab(1), listeners };
}

const CONFIRMED: ProviderOutcome = { kind: 'confirmed' };

test('the window hears that the tab that waits has the outcome', async () => {
  const { page, window, listeners } = tabs();
  const heard: ProviderOutcome[] = [];
  const stop = onOutcome(
    page,
    (attempt) => attempt === 'mine',
    (outcome) => heard.push(outcome),
  );
  expect(await reportOutcome(window, 'mine', CONFIRMED, 1_000)).toBe(true);
  expect(heard).toEqual([CONFIRMED]);
  stop();
  expect(listeners.map(({ size }) => size)).toEqual([0, 0]);
});

test('the outcome of another attempt, and other messages, are left alone', async () => {
  const { page, window } = tabs();
  const heard: ProviderOutcome[] = [];
  onOutcome(
    page,
    (attempt) => attempt === 'mine',
    (outcome) => heard.push(outcome),
  );
  expect(await reportOutcome(window, 'of another tab', CONFIRMED, 10)).toBe(false);
  window.announce({ kind: 'policy-changed' });
  window.announce({ kind: 'provider-confirmation', attempt: 7, outcome: CONFIRMED });
  expect(heard).toEqual([]);
});

test('without a tab that waits the window is told so', async () => {
  const { window, listeners } = tabs();
  expect(await reportOutcome(window, 'mine', CONFIRMED, 10)).toBe(false);
  expect(listeners.map(({ size }) => size)).toEqual([0, 0]);
});
