import { sql } from 'kysely';
import { isWriteFailure } from './database-errors.ts';
import type { EntityManager } from './database.ts';

/** Writes count as possible again when none has failed for this long. */
const SETTLE_MS = 3_000;

export interface WriteHealth {
  /** Records a write failure. Ignores any other error. */
  record(error: unknown): void;
  recordWriteFailure(): void;
  /** Resolves when writes are possible. Makes a trial write only after a failure. @throws the error of that write */
  requireWritable(em: () => EntityManager): Promise<void>;
}

/** Remembers a write that the database did not accept, until a trial write succeeds. */
export function createWriteHealth(): WriteHealth {
  let failedAt: number | null = null;
  let trial: Promise<void> | null = null;

  async function runTrial(em: EntityManager): Promise<void> {
    await tryWrite(em);
    if (failedAt !== null && performance.now() - failedAt < SETTLE_MS) throw new RecentWriteFailure();
    failedAt = null;
  }

  function recordWriteFailure(): void {
    failedAt = performance.now();
  }

  return {
    recordWriteFailure,
    record: (error) => isWriteFailure(error) && recordWriteFailure(),
    async requireWritable(em) {
      if (failedAt === null) return;
      trial ??= runTrial(em()).finally(() => (trial = null));
      await trial;
    },
  };
}

class RecentWriteFailure extends Error {
  readonly code = '53000';

  constructor() {
    super('a write failed a moment ago');
  }
}

/** Rolls the trial write back. */
class Undo extends Error {}

/**
 * Writes copies of existing rows to the tables that requests write to, and rolls back. A separate table would prove
 * nothing: a full disk shows only where a table has to grow.
 */
async function tryWrite(em: EntityManager): Promise<void> {
  try {
    await em.transactional(async (inner) => {
      const kysely = (inner as EntityManager).getKysely();
      await sql`
        with given as (select s as row from sessions s limit 1)
        insert into sessions select copy.* from given,
          jsonb_populate_record(given.row, jsonb_build_object('id', gen_random_uuid(), 'token_hash', null)) copy`.execute(
        kysely,
      );
      await sql`
        with given as (select e as row from audit_events e limit 1)
        insert into audit_events select copy.* from given,
          jsonb_populate_record(given.row, jsonb_build_object('id', gen_random_uuid())) copy`.execute(kysely);
      for (const table of ['sessions', 'users', 'accounts'])
        await sql`
          update ${sql.table(table)} set id = id
          where id = (select id from ${sql.table(table)} limit 1 for no key update skip locked)`.execute(
          kysely,
        );
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}
