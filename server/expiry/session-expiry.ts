import type { Clock } from '../clock.ts';
import type { Session } from '../sessions/session.ts';
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
  let session: Session | null = null;
  let told: Told | null = null;

  const iterator = createOneSlotIterator<ExpiryEvent>(
    () => {
      if (!session || !told) return { state: 'nothing' };
      const step = nextStep(session, told, warnings, clock.now());
      told = step.told;
      return step.event ? { state: 'item', item: step.event, isLast: step.isLast } : { state: 'nothing' };
    },
    () => stopWatching(),
  );
  const stopWatching = watch.watch(sessionId, (latest) => {
    session = latest;
    told ??= startTelling(latest);
    iterator.wake();
  });
  return iterator;
}
