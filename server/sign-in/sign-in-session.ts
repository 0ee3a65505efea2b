import type { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { SignInMethod } from '../metrics/metrics.ts';
import type { ClientInfo } from '../rules/caller.ts';
import {
  createSession,
  type CreatedSession,
  type NewSession,
  type SessionCreation,
} from '../sessions/create-session.ts';
import { publishStart } from '../sessions/publish-start.ts';

export interface SignInSessionDependencies extends SessionCreation {
  bus: SessionBus;
}

/** Creates the session of a sign-in and publishes its start. */
export interface SignInSessions {
  /**
   * Null: the user was deactivated, or the password changed, after the credentials were checked.
   * @throws SESSION_LIMIT_REACHED
   */
  create(
    em: EntityManager,
    user: User,
    opening: Omit<NewSession, 'accountId' | 'userId'>,
    now: Date,
  ): Promise<CreatedSession | null>;
  /** To be called after the commit. */
  publishStart(created: CreatedSession, method: SignInMethod): void;
}

export const createSignInSessions = (dependencies: SignInSessionDependencies): SignInSessions => ({
  create: (em, { accountId, id: userId }, opening, now) =>
    createSession(em, { accountId, userId, ...opening }, dependencies, now),
  publishStart: (created, method) => publishStart(dependencies.bus, created, method),
});

/** The actor that the audit trail names when a sign-in replaces a session. */
export const signerOf = ({ accountId, id, name }: User, { ipAddress }: ClientInfo) => ({
  accountId,
  actor: { id, name },
  ipAddress,
});
