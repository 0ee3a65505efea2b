import type { Turn } from '../background/watchdog.ts';
import type { Database } from '../database/database.ts';
import { listSecretsSealedOtherwise, resealSecrets } from './event-streams.sql.ts';
import type { SecretBox } from './secret-box.ts';

const BATCH = 1_000;

/**
 * Seals again, with the first key, what an older key has sealed, so that the older one can be removed. A secret that no key
 * opens stays as it is: its key may be put back.
 */
export async function resealAll(database: Database, secretBox: SecretBox, turn: Turn): Promise<void> {
  const { currentPrefix: prefix } = secretBox;
  const resealed = (sealed: string, id: string): string => {
    const secret = secretBox.isCurrent(sealed) ? null : secretBox.open(sealed, id);
    return secret ? secretBox.seal(secret, id) : sealed;
  };
  // In the order of the ids, because those that no key opens are found each time.
  let after: string | null = null;
  for (let count = BATCH; count === BATCH && turn.isCurrent;) {
    const batch = await database.statement((em) =>
      listSecretsSealedOtherwise(em, { prefix, after, limit: BATCH }),
    );
    for (const before of batch) {
      const { id, secret, previousSecret } = before;
      const next = {
        id,
        secret: resealed(secret, id),
        previousSecret: previousSecret === null ? null : resealed(previousSecret, id),
      };
      if (next.secret === secret && next.previousSecret === previousSecret) continue;
      if (!turn.isCurrent) return;
      await database.statement((em) => resealSecrets(em, before, next));
      turn.advance();
    }
    count = batch.length;
    after = batch.at(-1)?.id ?? null;
    turn.advance();
  }
}
