import { randomUUID } from 'node:crypto';
import { createAccessTokens, OWN_AUDIENCE } from '../../server/tokens/access-token.ts';
import { generateAccessKey, toAccessKey } from '../../server/tokens/signing-keys.ts';
import type { ScratchDatabase } from './scratch-database.ts';
import { seedSessions } from './seed.ts';

export interface SignedIn {
  /** For the environment of the server, so that it accepts the tokens. */
  env: Record<string, string>;
  /** Returns access tokens of the sessions, in order, for the server at `issuer`. */
  tokens(issuer: string): string[];
  ownerToken(issuer: string): string;
}

interface Row {
  id: string;
  user_id: string;
  account_id: string;
  authenticated_at: Date;
  idle_expires_at: Date;
  absolute_expires_at: Date;
}

const TTL_SECONDS = 86_400;

/** Creates an account with an owner and `sessions` live sessions of members. */
export async function seedSignedIn(database: ScratchDatabase, sessions: number): Promise<SignedIn> {
  const { accountId } = await seedSessions(database, { sessions: sessions + 1 });
  const ownerId = randomUUID();
  await database.query(
    `insert into users (id, account_id, name, email, role, created_at) values ($1, $2, 'Owner', 'owner@example.test', 'OWNER', now())`,
    [ownerId, accountId],
  );
  await database.query(
    `update sessions set user_id = $1 where id = (select id from sessions where account_id = $2 limit 1)`,
    [ownerId, accountId],
  );
  const rows = await database.query<Row>(
    `select id, user_id, account_id, authenticated_at, idle_expires_at, absolute_expires_at
     from sessions where account_id = $1`,
    [accountId],
  );
  const pem = generateAccessKey();
  const key = toAccessKey(pem);
  const mint = (row: Row, issuer: string): string =>
    createAccessTokens({ keys: [key], issuer, ttlSeconds: TTL_SECONDS }).mint(
      {
        userId: row.user_id,
        sessionId: row.id,
        accountId,
        role: row.user_id === ownerId ? 'OWNER' : 'MEMBER',
        authenticatedAt: row.authenticated_at,
        idleExpiresAt: row.idle_expires_at,
        absoluteExpiresAt: row.absolute_expires_at,
      },
      OWN_AUDIENCE,
      new Date(),
    ).token;
  const owner = rows.find((row) => row.user_id === ownerId)!;
  const members = rows.filter((row) => row !== owner);
  return {
    env: { ACCESS_TOKEN_PRIVATE_KEY: pem, ACCESS_TOKEN_TTL_SECONDS: String(TTL_SECONDS) },
    tokens: (issuer) => members.map((row) => mint(row, issuer)),
    ownerToken: (issuer) => mint(owner, issuer),
  };
}
