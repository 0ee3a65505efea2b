import { sql } from 'kysely';
import { createBatchedReads } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { USER_COLUMNS, withUser, type SessionWithUser, type UserRow } from '../sessions/user-row.ts';
import { SESSION_COLUMNS, toSession, type SessionRow } from '../sessions/session-row.ts';
import { hashSecret } from './secret.ts';
import { rowsOf } from '../database/rows.ts';

/** 256 bits in base64url. Any other text is no session token and is not looked up. */
const SESSION_TOKEN = /^[\w-]{43}$/;

export interface SessionTokens {
  /** Finds the session of a session token, live or ended, with its user. Null for an unknown token. */
  find(token: string): Promise<SessionWithUser | null>;
  /** Finds the sessions of many tokens, by token. Unknown tokens are missing from the result. */
  findAll(tokens: readonly string[]): Promise<ReadonlyMap<string, SessionWithUser>>;
}

export const looksLikeSessionToken = (text: string): boolean => SESSION_TOKEN.test(text);

/** Finds sessions by their session token. Concurrent calls share one read. */
export function createSessionTokens({ database }: { database: Database }): SessionTokens {
  const findAll = createBatchedReads<string, SessionWithUser>(async (presented) => {
    const tokens = presented.filter(looksLikeSessionToken);
    if (tokens.length === 0) return new Map();
    const hashes = tokens.map(hashSecret);
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<SessionRow & UserRow & { place: number }>`${PREPARED}
        select ${SESSION_COLUMNS}, ${USER_COLUMNS}, wanted.place::int
        from unnest(${listOf('text', hashes)}) with ordinality as wanted (hash, place)
        join effective_sessions s on s.token_hash = decode(wanted.hash, 'hex')
        join users u on u.id = s.user_id`,
      ),
    );
    return new Map(rows.map((row) => [tokens[row.place - 1]!, withUser(toSession(row), row)]));
  });

  return {
    findAll,
    find: async (token) => (await findAll([token])).get(token) ?? null,
  };
}
