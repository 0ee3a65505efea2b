import { sql } from 'kysely';
import type { EntityManager } from './orm.ts';

/**
 * Runs `work` where rows are taken from an index in its order until there are enough, instead of all of them being
 * sorted. For pages of large lists: the planner multiplies how rarely a row is open with how rarely a deadline lies
 * ahead, though it is the same rows; so it expects next to no live session, and would rather read all of an account.
 * No parallel workers either, and no compilation: both take longer to begin than a page takes. Only for statements that
 * need no other sorting: a sort that cannot be avoided costs so much here that the planner sees no other difference.
 */
export const inIndexOrder = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  em.transactional(async (inner) => {
    const within = inner as EntityManager;
    await sql`
      select set_config('enable_sort', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
        set_config('jit', 'off', true)`.execute(within.getKysely());
    return work(within);
  });
