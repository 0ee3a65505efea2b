import { LRUCache } from 'lru-cache';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { recordError, recordUnverifiedError } from './event-sources.sql.ts';
import type { FaultOf } from './token-refusal.ts';

/** Of the tokens of strangers: how often one of them is written down for a source, by each node. */
const UNVERIFIED_INTERVAL_SECONDS = 10;
const MAX_SOURCES = 10_000;

/** Stores for the owners of these sources why a token was not taken. */
export type RecordFault = (
  sourceIds: readonly string[],
  fault: { description: string; faultOf: FaultOf },
) => Promise<void>;

/**
 * What is the issuer's fault is `lastError`. Everything else is kept apart, and written seldom: anyone who knows the address of a
 * source can send it tokens, and must neither hide an error of the issuer nor make each of them cost a write.
 */
export function createRecordFault({ database, clock }: { database: Database; clock: Clock }): RecordFault {
  const writtenAt = new LRUCache<string, Date>({ max: MAX_SOURCES });

  const isDue = (id: string, now: Date): boolean => {
    const last = writtenAt.get(id);
    return last === undefined || addSeconds(last, UNVERIFIED_INTERVAL_SECONDS) <= now;
  };

  return async (sourceIds, { description, faultOf }) => {
    if (faultOf === 'issuer') return database.statement((em) => recordError(em, sourceIds, description));
    const now = clock.now();
    const due = sourceIds.filter((id) => isDue(id, now));
    if (due.length === 0) return;
    for (const id of due) writtenAt.set(id, now);
    await database.statement((em) => recordUnverifiedError(em, due, description));
  };
}
