import type { GraphQLCalls } from './graphql-calls.ts';

/** With a service key for all accounts: the account, by either of its ids. */
interface InAccount {
  accountId?: string;
  accountExternalId?: string;
}
type ByUserId = { userId: string; externalId?: undefined };

/** Who has signed in, and from where; see `CreateSessionInput` in Curfew's schema. */
export type CreateSessionInput = InAccount & {
  appType?: 'CONTROL_PANEL' | 'TENANT_APP';
  ipAddress?: string;
  userAgent?: string;
} & (ByUserId | { userId?: undefined; externalId: string; email?: string; name?: string });

export type EndUserSessionsInput = InAccount & { reason?: ServiceEndReason } & (
    ByUserId | { userId?: undefined; externalId: string }
  );

export type ServiceEndReason = 'LOGOUT' | 'REVOKED_BY_SERVICE' | 'PASSWORD_CHANGED' | 'USER_DEACTIVATED';

/** Times are Curfew's. */
export interface ServiceSession {
  id: string;
  userId: string;
  externalId: string | null;
  accountId: string;
  role: 'OWNER' | 'MEMBER';
  /** The nearer of the two deadlines. */
  expiresAt: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  endedAt: Date | null;
  endReason: string | null;
}

export interface SessionValidation {
  valid: boolean;
  /** Why not; null while it lives. */
  reason: 'NOT_FOUND' | 'IDLE' | 'ABSOLUTE' | 'REVOKED' | null;
  /** Whether the nearer deadline is within its warning time. */
  warning: boolean;
  secondsRemaining: number | null;
  absoluteSecondsRemaining: number | null;
  /** Null only with `NOT_FOUND`. */
  session: ServiceSession | null;
}

/** Each throws CurfewError with Curfew's code; UNAVAILABLE also when no answer came in time. */
export interface ServiceCalls {
  /**
   * Opens a session for a user whom this application has signed in. After UNAVAILABLE it may have been opened all the
   * same: its token is lost then, and it ends by itself.
   */
  createSession(input: CreateSessionInput): Promise<{ sessionToken: string; session: ServiceSession }>;
  /** True when this call ended the session. */
  endSession(sessionToken: string, reason?: ServiceEndReason): Promise<boolean>;
  /** How many sessions this call ended. */
  endUserSessions(input: EndUserSessionsInput): Promise<number>;
  /** For the user's browser, to follow the end of its session; it opens nothing else. */
  issueSessionAccessToken(
    sessionToken: string,
    audience?: string,
  ): Promise<{ accessToken: string; expiresAt: Date }>;
}

const SESSION = `id expiresAt idleExpiresAt absoluteExpiresAt endedAt endReason user { id externalId role account { id } }`;
const CREATE = `mutation CurfewCreate($input: CreateSessionInput!) {
  createSession(input: $input) { sessionToken session { ${SESSION} } } }`;
const VALIDATE = `mutation CurfewValidate($input: [ValidateSessionInput!]!) {
  validateSessions(input: $input) {
    valid reason warning secondsRemaining absoluteSecondsRemaining session { ${SESSION} } } }`;
const END = `mutation CurfewEnd($input: EndSessionInput!) { endSession(input: $input) }`;
const END_USER = `mutation CurfewEndUser($input: EndUserSessionsInput!) {
  endUserSessions(input: $input) { revokedCount } }`;
const ISSUE = `mutation CurfewIssue($sessionToken: String!, $audience: String) {
  issueSessionAccessToken(sessionToken: $sessionToken, audience: $audience) { accessToken expiresAt } }`;

interface SessionNode {
  id: string;
  expiresAt: string;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  endedAt: string | null;
  endReason: string | null;
  user: { id: string; externalId: string | null; role: 'OWNER' | 'MEMBER'; account: { id: string } };
}
type ValidationNode = Omit<SessionValidation, 'session'> & { session: SessionNode | null };

export function createServiceCalls(graphql: GraphQLCalls): ServiceCalls {
  return {
    async createSession(input) {
      // Not repeated: a session whose answer was lost would stay open beside the second one.
      const { createSession } = await graphql.call<{
        createSession: { sessionToken: string; session: SessionNode };
      }>(CREATE, { input }, { isRepeatable: false });
      const { sessionToken, session } = createSession;
      return { sessionToken, session: toSession(session) };
    },
    async endSession(sessionToken, reason) {
      const input = { sessionToken, reason };
      // Not repeated: the second answer would be that somebody else has ended it.
      const { endSession } = await graphql.call<{ endSession: boolean }>(
        END,
        { input },
        { isRepeatable: false },
      );
      return endSession;
    },
    async endUserSessions(input) {
      const { endUserSessions } = await graphql.call<{ endUserSessions: { revokedCount: number } }>(
        END_USER,
        { input },
        { isRepeatable: false },
      );
      return endUserSessions.revokedCount;
    },
    async issueSessionAccessToken(sessionToken, audience) {
      const { issueSessionAccessToken } = await graphql.call<{
        issueSessionAccessToken: { accessToken: string; expiresAt: string };
      }>(ISSUE, { sessionToken, audience });
      const { accessToken, expiresAt } = issueSessionAccessToken;
      return { accessToken, expiresAt: new Date(expiresAt) };
    },
  };
}

export interface TokenQuestion {
  sessionToken: string;
  touch: boolean;
}

/** 1 to 1000 tokens in one call; the answers come in their order. */
export async function validateSessions(
  graphql: GraphQLCalls,
  input: TokenQuestion[],
): Promise<SessionValidation[]> {
  const { validateSessions } = await graphql.call<{ validateSessions: ValidationNode[] }>(VALIDATE, {
    input,
  });
  return validateSessions.map((node) => ({ ...node, session: node.session && toSession(node.session) }));
}

function toSession({
  user,
  expiresAt,
  idleExpiresAt,
  absoluteExpiresAt,
  ...session
}: SessionNode): ServiceSession {
  return {
    ...session,
    userId: user.id,
    externalId: user.externalId,
    accountId: user.account.id,
    role: user.role,
    expiresAt: new Date(expiresAt),
    idleExpiresAt: new Date(idleExpiresAt),
    absoluteExpiresAt: new Date(absoluteExpiresAt),
    endedAt: session.endedAt === null ? null : new Date(session.endedAt),
  };
}
