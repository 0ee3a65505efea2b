import type { Database } from '../database/database.ts';
import { listSecrets, resealSecrets } from './event-streams.sql.ts';
import type { SecretBox } from './secret-box.ts';

/**
 * Seals again, with the first key, what an older key has sealed, so that the older one can be removed. A secret that no key
 * opens stays as it is: its key may be put back.
 */
export async function resealAll(database: Database, secretBox: SecretBox): Promise<void> {
  const resealed = (sealed: string, id: string): string => {
    const secret = secretBox.isCurrent(sealed) ? null : secretBox.open(sealed, id);
    return secret ? secretBox.seal(secret, id) : sealed;
  };
  for (const before of await listSecrets(database.em())) {
    const { id, secret, previousSecret } = before;
    const after = {
      id,
      secret: resealed(secret, id),
      previousSecret: previousSecret === null ? null : resealed(previousSecret, id),
    };
    if (after.secret === secret && after.previousSecret === previousSecret) continue;
    await database.statement((em) => resealSecrets(em, before, after));
  }
}
