import type { ScratchDatabase } from './scratch-database.ts';
import { startCurfew, type ChildServer } from './child-server.ts';

/** Runs `run` on a fresh copy of the database. */
export async function withCopy<T>(
  template: ScratchDatabase,
  run: (copy: ScratchDatabase) => Promise<T>,
): Promise<T> {
  const copy = await template.copy();
  try {
    return await run(copy);
  } finally {
    await copy.drop();
  }
}

/** Runs `run` on a fresh copy of the database with a Curfew on it. */
export function withCurfew<T>(
  template: ScratchDatabase,
  env: Record<string, string>,
  run: (curfew: ChildServer, copy: ScratchDatabase) => Promise<T>,
): Promise<T> {
  return withCopy(template, async (copy) => {
    const curfew = await startCurfew(copy.url, env);
    try {
      return await run(curfew, copy);
    } finally {
      await curfew.stop();
    }
  });
}
