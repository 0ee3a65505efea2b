import type { EventDeliveryRowFragment } from '../../generated/events-operations.ts';
import type { Stream } from './stream-words.ts';

/** What became of a test event so far. */
export type TestResult = 'on-its-way' | 'held' | 'to-be-fetched' | 'failing' | 'arrived' | 'given-up';

/** @param delivery null: not read yet, or no longer among the last ones */
export function testResult(
  { kind, status }: Pick<Stream, 'kind' | 'status'>,
  delivery: Pick<EventDeliveryRowFragment, 'status' | 'lastError'> | null,
): TestResult {
  if (delivery?.status === 'DELIVERED') return 'arrived';
  if (delivery?.status === 'DEAD') return 'given-up';
  if (status === 'PAUSED') return 'held';
  if (kind === 'SSF_POLL') return 'to-be-fetched';
  return delivery?.lastError == null ? 'on-its-way' : 'failing';
}
