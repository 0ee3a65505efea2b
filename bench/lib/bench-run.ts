import { createScratchDatabase, openPostgres, type ScratchDatabase } from './scratch-database.ts';

export interface BenchRun {
  /** Creates a migrated database, which is dropped at the end. */
  database(): Promise<ScratchDatabase>;
  /** Returns `started` and stops it at the end, in reverse order. */
  use<T extends { stop(): Promise<unknown> }>(started: Promise<T> | T): Promise<T>;
}

/** Runs a bench on a PostgreSQL and cleans up afterwards. */
export async function inBenchRun<T>(run: (bench: BenchRun) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const postgres = await openPostgres();
  stack.defer(() => postgres.stop());
  return await run({
    async database() {
      const database = await createScratchDatabase(postgres.url);
      stack.defer(() => database.drop());
      return database;
    },
    async use(started) {
      const running = await started;
      stack.defer(async () => void (await running.stop()));
      return running;
    },
  });
}
