import type { Clock } from '../clock.ts';
import type { WatchedSession } from '../sessions/session.ts';
import { nextStep, startTelling, type ExpiryEvent, type Told } from './expiry.ts';
import type { WarningSettings } from './lead.ts';
import { createOneSlotIterator } from './one-slot-iterator.ts';
import type { SessionWatch } from './session-watch.ts';

/** The events of one session, from what is due at once to its end. Following a session is not activity in it. */
export function followExpiry(
  sessionId: string,
  dependencies: { watch: SessionWatch; clock: Clock; warnings: WarningSettings },
): AsyncIterableIterator<ExpiryEvent> {
  const { watch, clock, warnings } = dependencies;
  let session: WatchedSession | null = null;
  let told: Told | null = null;
  let isToldAll = false;
  let isOver = false;

  const iterator = createOneSlotIterator<ExpiryEvent>(
    () => {
      if (isToldAll) return { state: isOver ? 'done' : 'nothing' };
      if (!session || !told) return { state: 'nothing' };
      const step = nextStep(session, told, warnings, clock.now());
      told = step.told;
      isToldAll = step.isLast;
      return step.event ? { state: 'item', item: step.event, isLast: false } : { state: 'nothing' };
    },
    () => stopWatching(),
  );
  const stopWatching = watch.watch(sessionId, {
    onState(latest) {
      session = latest;
      told ??= startTelling(latest);
      iterator.wake();
    },
    // Not with the last event: ten thousand are told before the first of them is taken leave of.
    onOver() {
      isOver = true;
      iterator.wake();
    },
  });
  return iterator;
}
