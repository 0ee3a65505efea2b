import { createScratchDatabase, openPostgres, type ScratchDatabase } from './scratch-database.ts';

export interface Stage {
  /** A fresh, migrated database; dropped at the end. */
  database(): Promise<ScratchDatabase>;
  /** Stops what was started, at the end, last first. */
  use<T extends { stop(): Promise<unknown> }>(started: Promise<T> | T): Promise<T>;
}

/** Runs a bench on a PostgreSQL, and leaves nothing behind. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const postgres = await openPostgres();
  stack.defer(() => postgres.stop());
  return await play({
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
