import type { ScratchDatabase } from './scratch-database.ts';
import { startCurfew, type ChildServer } from './child-server.ts';

/** Runs `play` on a copy of the database, as nothing else has touched it. */
export async function onCopy<T>(
  template: ScratchDatabase,
  play: (copy: ScratchDatabase) => Promise<T>,
): Promise<T> {
  const copy = await template.copy();
  try {
    return await play(copy);
  } finally {
    await copy.drop();
  }
}

/** The same with a Curfew on it. */
export function onCurfew<T>(
  template: ScratchDatabase,
  env: Record<string, string>,
  play: (curfew: ChildServer, copy: ScratchDatabase) => Promise<T>,
): Promise<T> {
  return onCopy(template, async (copy) => {
    const curfew = await startCurfew(copy.url, env);
    try {
      return await play(curfew, copy);
    } finally {
      await curfew.stop();
    }
  });
}
