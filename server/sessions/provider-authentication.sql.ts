import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { instantOrNull } from './session-row.ts';

/** When the user of a session had proved at a provider who they are, before they signed in. Null: they did so here. */
export async function findProviderAuthentication(em: EntityManager, sessionId: string): Promise<Date | null> {
  const [row] = await rowsOf(
    em,
    sql<{ provider_authenticated_at: string | null }>`
    select provider_authenticated_at from sessions where id = ${sessionId}`,
  );
  return instantOrNull(row?.provider_authenticated_at ?? null);
}
