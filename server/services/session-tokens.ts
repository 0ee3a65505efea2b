import { sql } from 'kysely';
import { createBatchedReads } from '../database/batched-read.ts';
import type { Database } from '../database/orm.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import {
  toUser,
  USER_COLUMNS,
  type SessionOfUser,
  type UserOfSessionRow,
} from '../sessions/session.reads.ts';
import { SESSION_COLUMNS, toSession, type SessionRow } from '../sessions/session.row.ts';
import { hashSecret } from './secret.ts';

/** 256 bits in base64url: anything else is the token of no session, and is not looked for. */
const SESSION_TOKEN = /^[\w-]{43}$/;

export interface SessionTokens {
  /** The session that a service session's token stands for, live or over, with its user; null for no token of ours. */
  find(token: string): Promise<SessionOfUser | null>;
  /** The same for many tokens at once, by token. What is no token of ours is not in the answer. */
  findAll(tokens: readonly string[]): Promise<ReadonlyMap<string, SessionOfUser>>;
}

export const looksLikeSessionToken = (text: string): boolean => SESSION_TOKEN.test(text);

/** Concurrent look-ups share one read. */
export function createSessionTokens({ database }: { database: Database }): SessionTokens {
  const findAll = createBatchedReads<string, SessionOfUser>(async (presented) => {
    const tokens = presented.filter(looksLikeSessionToken);
    if (tokens.length === 0) return new Map();
    const hashes = tokens.map(hashSecret);
    const { rows } = await database.inTime(
      sql<SessionRow & UserOfSessionRow & { place: number }>`${PREPARED}
        select ${SESSION_COLUMNS}, ${USER_COLUMNS}, wanted.place::int
        from unnest(${listOf('text', hashes)}) with ordinality as wanted (hash, place)
        join sessions_as_they_stand s on s.token_hash = decode(wanted.hash, 'hex')
        join users u on u.id = s.user_id`.execute(database.em().getKysely()),
    );
    return new Map(
      rows.map((row) => [tokens[row.place - 1]!, { session: toSession(row), user: toUser(row) }]),
    );
  });

  return {
    findAll,
    find: async (token) => (await findAll([token])).get(token) ?? null,
  };
}
