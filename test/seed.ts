import { hash } from '@node-rs/argon2';
import { randomUUID } from 'node:crypto';
import { createAccount } from '../server/users/create-account.ts';
import { User } from '../server/accounts/user.entity.ts';
import { newUser } from '../server/users/new-user.ts';
import type { App } from '../server/app.ts';
import { createAudit } from '../server/audit/audit.ts';
import type { Role } from '../server/generated/schema.ts';
import { createServiceKey, type CreatedServiceKey } from '../server/service-api/service-keys.ts';
import { createPasswordHasher } from '../server/sign-in/password-hashing.ts';
import type { Answer, CallOptions, Collector, GraphQLClient } from './graphql-client.ts';

/** The first password of every user. */
export const PASSWORD = 'correct horse battery staple';

const ARGON2ID = 2;
let cheapHash: Promise<string> | undefined;
let fullHash: Promise<string> | undefined;

/** The hash of `PASSWORD`. Checking a cheap one takes no time: most tests are not about argon2. */
export function hashOfPassword(cost: PasswordCost): Promise<string> {
  if (cost === 'full')
    return (fullHash ??= createPasswordHasher().then((passwords) => passwords.hash(PASSWORD, null)));
  return (cheapHash ??= hash(PASSWORD, { algorithm: ARGON2ID, memoryCost: 8, timeCost: 1, parallelism: 1 }));
}

export type PasswordCost = 'cheap' | 'full';

const GRANT = `accessToken accessTokenExpiresAt refreshToken idleExpiresAt absoluteExpiresAt serverTime
  session { id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt expiresAt expiryReason idleMinutes absoluteMinutes isCurrent }
  user { id email name role }`;

export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { ${GRANT} } }`;
export const REFRESH = `mutation Refresh($input: RefreshSessionInput) { refreshSession(input: $input) { ${GRANT} } }`;
export const SESSION_EXPIRY = `subscription { sessionExpiry {
  kind reason endReason sessionId expiresAt secondsRemaining canExtend idleExpiresAt absoluteExpiresAt serverTime } }`;
export const ACCOUNT_SESSIONS = `subscription { accountSessions { kind session { id endReason user { id email } } } }`;

/** A user with a session, and its operations. */
export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  sessionId: string;
  /** The whole payload of the sign-in. */
  payload: any;
  gql(query: string, variables?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** Presents the refresh token of this object; the answer is not remembered. */
  refresh(input?: Record<string, unknown>): Promise<Answer>;
  expiry(): Collector;
  accountSessions(): Collector;
}

export interface Person {
  id: string;
  email: string;
  accountId: string;
  login(input?: Record<string, unknown>, options?: CallOptions): Promise<SignedIn>;
  /** The raw answer of the login mutation. */
  tryLogin(input?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
}

export interface SeededAccount {
  id: string;
  name: string;
  owner: Person;
  /** Another user with the standard password. */
  addUser(role?: Role): Promise<Person>;
}

export interface Seed {
  account(): Promise<SeededAccount>;
  /** A back end's key: of one account, or (null) for all of them. */
  serviceKey(
    accountId: string | null,
    options?: { name?: string; expiresAt?: Date | null; scope?: 'SSF' | null },
  ): Promise<CreatedServiceKey>;
}

/** The unverified claims of a token. */
export const claimsOf = (token: string): Record<string, any> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

export function createSeed({
  app,
  client,
  passwordCost = 'cheap',
}: {
  app: App;
  client: GraphQLClient;
  passwordCost?: PasswordCost;
}): Seed {
  const audit = createAudit({ retentionDays: 400 });

  function signedIn(payload: any): SignedIn {
    const { accessToken, refreshToken } = payload;
    return {
      accessToken,
      refreshToken,
      sessionId: payload.session.id,
      payload,
      gql: (query, variables, options) => client.gql(query, variables, { token: accessToken, ...options }),
      refresh: (input = {}) => client.gql(REFRESH, { input: { refreshToken, ...input } }),
      expiry: () => client.subscribe(SESSION_EXPIRY, { accessToken }),
      accountSessions: () => client.subscribe(ACCOUNT_SESSIONS, { accessToken }),
    };
  }

  function person(user: { id: string; email: string; accountId: string }): Person {
    const tryLogin: Person['tryLogin'] = (input = {}, options) =>
      client.gql(LOGIN, { input: { email: user.email, password: PASSWORD, ...input } }, options);
    return {
      ...user,
      tryLogin,
      async login(input, options) {
        const answer = await tryLogin(input, options);
        if (!answer.data?.login) throw new Error(`Sign-in failed: ${JSON.stringify(answer.errors)}`);
        return signedIn(answer.data.login);
      },
    };
  }

  return {
    async account() {
      const tag = randomUUID().slice(0, 8);
      const email = `owner-${tag}@example.test`;
      const now = app.clock.now();
      const { database } = app;
      const given = { name: `Account ${tag}`, ownerEmail: email, ownerName: `Owner ${tag}` };
      const { accountId, ownerId } = await createAccount(given, { database, audit, publicUrl: app.url }, now);
      await database
        .em()
        .nativeUpdate(User, { id: ownerId }, { passwordHash: await hashOfPassword(passwordCost) });
      return {
        id: accountId,
        name: given.name,
        owner: person({ id: ownerId, email, accountId }),
        async addUser(role = 'MEMBER') {
          const name = `${role.toLowerCase()}-${randomUUID().slice(0, 8)}`;
          const user = newUser({ accountId, email: `${name}@example.test`, name, role }, now);
          user.passwordHash = await hashOfPassword(passwordCost);
          const em = database.em();
          em.persist(user);
          await em.flush();
          return person({ id: user.id, email: user.email, accountId });
        },
      };
    },

    serviceKey: (accountId, { name = 'back end', expiresAt = null, scope = null } = {}) =>
      createServiceKey(app.database.em(), { accountId, name, expiresAt, scope }, app.clock.now()),
  };
}
