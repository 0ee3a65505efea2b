import type { Answer, CallOptions } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';

// Calls of a trusted back end that the tests of the service API share.

const SESSION = `id appType authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt idleMinutes absoluteMinutes
  ipAddress userAgent device isCurrent endedAt endReason user { id name email role account { id } }`;
const VALIDATION = `valid reason warning secondsRemaining absoluteSecondsRemaining session { ${SESSION} }`;

export const CREATE_ACCOUNT = `mutation ($input: CreateAccountInput!) { createAccount(input: $input) { id name externalId } }`;
export const CREATE_SESSION = `mutation ($input: CreateSessionInput!) {
  createSession(input: $input) { sessionToken session { ${SESSION} } } }`;
export const VALIDATE = `mutation ($input: ValidateSessionInput!) { validateSession(input: $input) { ${VALIDATION} } }`;
export const VALIDATE_MANY = `mutation ($input: [ValidateSessionInput!]!) { validateSessions(input: $input) { ${VALIDATION} } }`;
export const END_SESSION = `mutation ($input: EndSessionInput!) { endSession(input: $input) }`;
export const END_USER_SESSIONS = `mutation ($input: EndUserSessionsInput!) { endUserSessions(input: $input) { revokedCount } }`;
export const USER_SESSIONS = `query ($userId: ID, $externalId: String, $accountId: ID, $accountExternalId: String) {
  userSessions(userId: $userId, externalId: $externalId, accountId: $accountId, accountExternalId: $accountExternalId) { ${SESSION} } }`;
export const ISSUE_TOKEN = `mutation ($sessionToken: String!, $audience: String) {
  issueSessionAccessToken(sessionToken: $sessionToken, audience: $audience) { accessToken expiresAt } }`;

export interface BackEnd {
  readonly key: string;
  gql(document: string, variables?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** Creates a session; by default of a new user. */
  create(input?: Record<string, unknown>): Promise<{ sessionToken: string; session: any }>;
  validate(sessionToken: string, touch?: boolean): Promise<any>;
  end(sessionToken: string, reason?: string): Promise<boolean>;
  /** A browser's session-scoped token. */
  issue(sessionToken: string): Promise<string>;
}

let strangers = 0;
export const stranger = () => {
  strangers += 1;
  return {
    externalId: `user-${strangers}`,
    email: `user-${strangers}@example.test`,
    name: `User ${strangers}`,
  };
};

/** Answers that are expected to succeed: a refusal fails the test with its text. */
export function backEnd(app: TestApp, key: string): BackEnd {
  const gql: BackEnd['gql'] = (document, variables, options) =>
    app.gql(document, variables, { token: key, ...options });
  async function field(document: string, variables: Record<string, unknown>): Promise<any> {
    const { data, errors } = await gql(document, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0];
  }
  return {
    key,
    gql,
    create: (input) => field(CREATE_SESSION, { input: input ?? stranger() }),
    validate: (sessionToken, touch = true) => field(VALIDATE, { input: { sessionToken, touch } }),
    end: (sessionToken, reason) => field(END_SESSION, { input: { sessionToken, reason } }),
    issue: async (sessionToken) => (await field(ISSUE_TOKEN, { sessionToken })).accessToken,
  };
}
