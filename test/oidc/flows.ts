import { sql } from 'kysely';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import type { Answer, CallOptions } from '../graphql-client.ts';
import { startProvider, type Jar, type ProviderOptions, type TestProvider } from './provider.ts';

// Helpers that the tests of identity providers share.

export const CALLBACK = 'http://127.0.0.1:4999/login/callback';

export const PROVIDERS = `{ authProviders { id name } }`;
export const START = `mutation Start($input: StartOAuthLoginInput!) {
  startOAuthLogin(input: $input) { authorizationUrl flowToken } }`;
export const COMPLETE = `mutation Complete($input: CompleteOAuthLoginInput!) { completeOAuthLogin(input: $input) {
  accessToken accessTokenExpiresAt refreshToken idleExpiresAt absoluteExpiresAt serverTime
  session { id appType authenticatedAt idleExpiresAt absoluteExpiresAt idleMinutes absoluteMinutes isCurrent }
  user { id email } } }`;

/** A started sign-in, up to the provider's answer. */
export interface AtCallback {
  callbackUrl: string;
  flowToken: string | null;
  cookie: string | null;
  authorizationUrl: string;
}

export interface Stage {
  app: TestApp;
  provider: TestProvider;
  start(input?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** Starts a sign-in, and signs in at the provider as `account` (null: presses Cancel). */
  toCallback(account: string | null, input?: Record<string, unknown>, jar?: Jar): Promise<AtCallback>;
  complete(at: Partial<AtCallback>, input?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** The whole sign-in, with BODY. */
  signIn(account: string | null, input?: Record<string, unknown>): Promise<Answer>;
  /** Invites a user with an e-mail address that the provider has verified. */
  invite(): Promise<{ id: string; email: string; accountId: string }>;
  close(): Promise<void>;
}

/** Curfew with one provider, `test`, whose callback is `CALLBACK`. */
export async function setStage(
  options: { app?: StartOptions; provider?: Partial<ProviderOptions> } = {},
): Promise<Stage> {
  const provider = await startProvider({ redirectUris: [CALLBACK], ...options.provider });
  const app = await startApp({
    clock: 'real',
    ...options.app,
    env: {
      OIDC_PROVIDERS: JSON.stringify([provider.settings('test', 'The provider')]),
      OIDC_REDIRECT_URIS: CALLBACK,
      LOGIN_FAILURES_PER_ADDRESS: '1000',
      ...options.app?.env,
    },
  });
  const stage: Stage = {
    app,
    provider,
    start: (input = {}, callOptions) =>
      app.gql(START, { input: { providerId: 'test', redirectUri: CALLBACK, ...input } }, callOptions),

    async toCallback(account, input, jar) {
      const { data, cookie, errors } = await stage.start(input);
      if (!data?.startOAuthLogin) throw new Error(`Not begun: ${JSON.stringify(errors)}`);
      const { authorizationUrl, flowToken } = data.startOAuthLogin;
      const callbackUrl = await provider.signIn(authorizationUrl, account, jar);
      return { callbackUrl, flowToken, cookie, authorizationUrl };
    },

    complete: ({ callbackUrl, flowToken, cookie }, input = {}, callOptions) =>
      app.gql(
        COMPLETE,
        { input: { callbackUrl, flowToken, ...input } },
        { ...(cookie == null ? {} : { cookie }), ...callOptions },
      ),

    signIn: async (account, input) => stage.complete(await stage.toCallback(account), input),

    async invite() {
      const { owner } = await app.seed.account();
      provider.accounts[owner.email] = { email: owner.email, email_verified: true };
      return owner;
    },

    async close() {
      await app.close();
      await provider.close();
    },
  };
  return stage;
}

/** Code and reason of a refusal. */
export const refusal = ({ code, extensions, status }: Answer) => ({
  status,
  code,
  reason: extensions.reason,
});

export const refusedWith = (reason: string) => ({ status: 200, code: 'INVALID_CREDENTIALS', reason });

export async function count(app: TestApp, table: string): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from ${sql.table(table)}`.execute(app.database.em().getKysely());
  return rows[0]!.count;
}

/** Users linked with a subject of the provider. */
export async function linkedWith(app: TestApp, subject: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    select user_id from user_identities where subject = ${subject}`.execute(app.database.em().getKysely());
  return rows.map(({ user_id }) => user_id);
}
