import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from './database.ts';
import { rowsOf } from './rows.ts';

/**
 * Runs `work` with sorting disabled, so the planner reads an index in order until the page is full. The planner takes
 * "not ended" and "deadline ahead" for independent conditions, expects almost no live session, and would rather read
 * and sort a whole account. Parallel workers and JIT are off too: both start slower than a page takes. Only for
 * statements that need no other sort: an unavoidable one costs so much here that the planner ignores all else.
 */
export const inIndexOrder = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  em.transactional(async (inner) => {
    const within = inner as EntityManager;
    await rowsOf(
      within,
      sql`
      select set_config('enable_sort', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
        set_config('jit', 'off', true)`,
    );
    return work(within);
  });

/**
 * Runs `work` with plain index scans disabled, so the planner reads the rows of an account where they lie: a bitmap of an
 * index, or the whole table where the account is most of it. For statements that read an account to its end in any
 * order: in the order of an index, each row is another page of the table. Parallel workers may help.
 */
export const inStoredOrder = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  em.transactional(async (inner) => {
    const within = inner as EntityManager;
    await rowsOf(
      within,
      sql`
      select set_config('enable_indexscan', 'off', true), set_config('work_mem', '32MB', true),
        set_config('jit', 'off', true)`,
    );
    return work(within);
  });

/**
 * The same condition, of which the planner assumes that every second row meets it. For a batch in index order whose
 * conditions nearly every row meets: taken for independent, they seem to leave almost none, and the planner reads and
 * sorts the whole account for each batch.
 */
export const metByMany = (condition: RawBuilder<unknown>) =>
  sql`case when ${condition} then true else false end`;
