import type { Database } from '../database/database.ts';
import { isStorable } from '../database/ids.ts';
import { AppError, badInput } from '../errors.ts';
import type { StreamManager } from '../rules/caller.ts';
import { countPendingTests } from './deliveries.sql.ts';
import type { RunManagedChange } from './managed-changes.ts';
import { MIN_VERIFICATION_SECONDS, readStatus, toStatus, type StreamStatus } from './ssf-stream.ts';
import { requireObject, requireText } from './ssf-stream-input.ts';
import { readSsfStream, stampVerification } from './ssf-streams.sql.ts';
import { changedDetails } from './stream-details.ts';
import { MAX_PENDING_TESTS, requireDescription } from './stream-rules.ts';
import { changeStreamStatus, insertVerification } from './stream-status.ts';

/** The status of SSF streams, and their verification, for receivers (SSF 1.0, section 8.1.2 and 8.1.4). As `SsfStreams`. */
export interface SsfStatuses {
  read(manager: StreamManager, id: string): Promise<StreamStatus>;
  change(manager: StreamManager, body: unknown, ipAddress: string | null): Promise<StreamStatus>;
  /** @throws RATE_LIMITED within `MIN_VERIFICATION_SECONDS` of the last one */
  verify(manager: StreamManager, body: unknown): Promise<void>;
}

const MAX_STATE_LENGTH = 1_000;

export function createSsfStatuses({
  database,
  runChange,
}: {
  database: Database;
  runChange: RunManagedChange;
}): SsfStatuses {
  return {
    async read({ accountId }, id) {
      return toStatus(await database.withTimeout(readSsfStream(database.em(), { id, accountId })));
    },

    async change(manager, given, ipAddress) {
      const body = requireObject(given);
      const id = requireText(body, 'stream_id');
      const status = readStatus(body.status);
      if (status === null) throw badInput('status', 'status must be enabled, paused or disabled.');
      // Of drafts of the framework. To change the status of all for one would be worse than nothing.
      if (body.subject != null) throw badInput('subject', 'The status of a stream is for all its subjects.');
      const statusReason = readReason(body.reason);
      const { accountId } = manager;
      return runChange(manager, ipAddress, async ({ em, now, record }) => {
        const before = await readSsfStream(em, { id, accountId });
        const after = { ...before, status, statusReason };
        if (status === before.status && statusReason === before.statusReason) return toStatus(after);
        const change = { status, statusReason, toldReason: statusReason };
        await changeStreamStatus(em, { ...before, accountId }, change, now);
        await record({ action: 'event_stream.updated', id, details: changedDetails(before, after) });
        return toStatus(after);
      });
    },

    async verify(manager, given) {
      const body = requireObject(given);
      const id = requireText(body, 'stream_id');
      const state = readState(body.state);
      const { accountId } = manager;
      await runChange(manager, null, async ({ em, now }) => {
        const stream = await readSsfStream(em, { id, accountId });
        if (stream.status === 'DISABLED')
          throw badInput('stream_id', 'The stream is disabled, so it sends nothing.');
        if (!(await stampVerification(em, id, MIN_VERIFICATION_SECONDS, now)))
          throw new AppError(
            'RATE_LIMITED',
            `A verification may be asked for every ${MIN_VERIFICATION_SECONDS} seconds.`,
            { retryAfterSeconds: MIN_VERIFICATION_SECONDS },
          );
        // The receiver does not come for them.
        if ((await countPendingTests(em, id)) >= MAX_PENDING_TESTS)
          throw new AppError('RATE_LIMITED', 'Too many verifications of this stream wait.', {
            retryAfterSeconds: MIN_VERIFICATION_SECONDS,
          });
        await insertVerification(em, { id, accountId }, state, now);
      });
    },
  };
}

function readReason(given: unknown): string | null {
  if (given == null) return null;
  if (typeof given === 'string') return requireDescription(given);
  throw badInput('reason', 'reason must be a text.');
}

function readState(given: unknown): string | null {
  if (given == null) return null;
  if (typeof given === 'string' && given.length <= MAX_STATE_LENGTH && isStorable(given)) return given;
  throw badInput('state', `state must be a text of at most ${MAX_STATE_LENGTH} characters.`);
}
