import { CurfewError } from './curfew-error.ts';
import type { GraphQLCalls } from './graphql-calls.ts';
import {
  CREATE_SESSION,
  END_SESSION,
  END_USER_SESSIONS,
  ISSUE_SESSION_ACCESS_TOKEN,
  REAUTHENTICATE_SESSION,
  VALIDATE_SESSIONS,
} from './service-documents.ts';

/** The account, by either of its ids. Needed with a service key for all accounts. */
interface InAccount {
  accountId?: string | undefined;
  accountExternalId?: string | undefined;
}
type ByUserId = { userId: string; externalId?: undefined };

/** The user who signed in, and the device; see `CreateSessionInput` in Curfew's schema. */
export type CreateSessionInput = InAccount & {
  appType?: 'CONTROL_PANEL' | 'TENANT_APP' | undefined;
  ipAddress?: string | undefined;
  userAgent?: string | undefined;
} & (
    | ByUserId
    | { userId?: undefined; externalId: string; email?: string | undefined; name?: string | undefined }
  );

export type EndUserSessionsInput = InAccount & { reason?: ServiceEndReason | undefined } & (
    ByUserId | { userId?: undefined; externalId: string }
  );

export type ServiceEndReason = 'LOGOUT' | 'REVOKED_BY_SERVICE' | 'PASSWORD_CHANGED' | 'USER_DEACTIVATED';

/** Times are on Curfew's clock. */
export interface ServiceSession {
  id: string;
  userId: string;
  externalId: string | null;
  accountId: string;
  role: 'OWNER' | 'MEMBER';
  /** When its user last authenticated. */
  authenticatedAt: Date;
  /** The nearer of the two deadlines. */
  expiresAt: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  endedAt: Date | null;
  endReason: string | null;
}

export interface CreatedSession {
  /** Shown this once. */
  sessionToken: string;
  session: ServiceSession;
}

/** A session-scoped token: it can only follow, touch and end its session. As JSON it is what a page expects. */
export interface SessionAccessToken {
  accessToken: string;
  expiresAt: Date;
}

export interface SessionValidation {
  valid: boolean;
  /** Why the session is not valid; null if it is. */
  reason: 'NOT_FOUND' | 'IDLE' | 'ABSOLUTE' | 'REVOKED' | null;
  /** Whether the nearer deadline is within its warning lead. */
  warning: boolean;
  secondsRemaining: number | null;
  absoluteSecondsRemaining: number | null;
  /** Null only with `NOT_FOUND`. */
  session: ServiceSession | null;
}

/** Each call throws CurfewError with Curfew's code, or UNAVAILABLE when no answer came in time. */
export interface ServiceCalls {
  /**
   * Creates a session for a user whom this application has signed in. After UNAVAILABLE the session may exist without
   * a token that is known; it expires by itself.
   */
  createSession(input: CreateSessionInput): Promise<CreatedSession>;
  /**
   * Records that this application has just authenticated the session's user again: both deadlines count from now. Returns
   * a new token, and the presented one is `NOT_FOUND` from then on. So it may be after UNAVAILABLE, too: then the user
   * has to sign in.
   */
  reauthenticateSession(sessionToken: string): Promise<CreatedSession>;
  /** Returns whether this call ended the session. Without a token there is nothing to end. */
  endSession(sessionToken: string | undefined, reason?: ServiceEndReason): Promise<boolean>;
  /** Returns how many sessions this call ended. */
  endUserSessions(input: EndUserSessionsInput): Promise<number>;
  /** Issues a session-scoped token, with which the user's browser follows its session. */
  issueSessionAccessToken(sessionToken: string, audience?: string): Promise<SessionAccessToken>;
  /**
   * What the route answers from which a page gets its session-scoped token: the token, or null if no user is signed in,
   * because there is no session token or its session is over. Null ends the session for the page, so anything else throws.
   */
  sessionAccessToken(sessionToken: string | undefined, audience?: string): Promise<SessionAccessToken | null>;
}

interface CreatedNode {
  sessionToken: string;
  session: SessionNode;
}
interface SessionNode {
  id: string;
  authenticatedAt: string;
  expiresAt: string;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  endedAt: string | null;
  endReason: string | null;
  user: { id: string; externalId: string | null; role: 'OWNER' | 'MEMBER'; account: { id: string } };
}
type ValidationNode = Omit<SessionValidation, 'session'> & { session: SessionNode | null };

export function createServiceCalls(graphql: GraphQLCalls): ServiceCalls {
  async function issueSessionAccessToken(
    sessionToken: string,
    audience?: string,
  ): Promise<SessionAccessToken> {
    const { issueSessionAccessToken } = await graphql.call<{
      issueSessionAccessToken: { accessToken: string; expiresAt: string };
    }>(ISSUE_SESSION_ACCESS_TOKEN, { sessionToken, audience });
    const { accessToken, expiresAt } = issueSessionAccessToken;
    return { accessToken, expiresAt: new Date(expiresAt) };
  }

  return {
    async createSession(input) {
      // Not repeated: a session whose answer was lost would live on beside the second one.
      const { createSession } = await graphql.call<{ createSession: CreatedNode }>(
        CREATE_SESSION,
        { input },
        { isRepeatable: false },
      );
      return toCreated(createSession);
    },
    async reauthenticateSession(sessionToken) {
      // Not repeated: the second answer would be that the token is unknown.
      const { reauthenticateSession } = await graphql.call<{ reauthenticateSession: CreatedNode }>(
        REAUTHENTICATE_SESSION,
        { sessionToken },
        { isRepeatable: false },
      );
      return toCreated(reauthenticateSession);
    },
    async endSession(sessionToken, reason) {
      if (!sessionToken) return false;
      const input = { sessionToken, reason };
      // Not repeated: the second answer would be that this call did not end it.
      const { endSession } = await graphql.call<{ endSession: boolean }>(
        END_SESSION,
        { input },
        { isRepeatable: false },
      );
      return endSession;
    },
    async endUserSessions(input) {
      const { endUserSessions } = await graphql.call<{ endUserSessions: { revokedCount: number } }>(
        END_USER_SESSIONS,
        { input },
        { isRepeatable: false },
      );
      return endUserSessions.revokedCount;
    },
    issueSessionAccessToken,
    async sessionAccessToken(sessionToken, audience) {
      if (!sessionToken) return null;
      try {
        return await issueSessionAccessToken(sessionToken, audience);
      } catch (error) {
        if (error instanceof CurfewError && error.code === 'NOT_FOUND') return null;
        throw error;
      }
    },
  };
}

export interface ValidationRequest {
  sessionToken: string;
  touch: boolean;
}

/** Validates 1 to 1000 tokens in one call. The answers are in the order of the tokens. */
export async function validateSessions(
  graphql: GraphQLCalls,
  input: ValidationRequest[],
): Promise<SessionValidation[]> {
  const { validateSessions } = await graphql.call<{ validateSessions: ValidationNode[] }>(VALIDATE_SESSIONS, {
    input,
  });
  return validateSessions.map((node) => ({ ...node, session: node.session && toSession(node.session) }));
}

const toCreated = ({ sessionToken, session }: CreatedNode): CreatedSession => ({
  sessionToken,
  session: toSession(session),
});

function toSession({
  user,
  authenticatedAt,
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
    authenticatedAt: new Date(authenticatedAt),
    expiresAt: new Date(expiresAt),
    idleExpiresAt: new Date(idleExpiresAt),
    absoluteExpiresAt: new Date(absoluteExpiresAt),
    endedAt: session.endedAt === null ? null : new Date(session.endedAt),
  };
}
