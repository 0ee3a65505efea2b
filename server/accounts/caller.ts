import { AppError, forbidden } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import type { Session } from '../sessions/session.ts';

/** A signed-in person, as the session's and the user's rows said when the request arrived. */
export interface Viewer {
  userId: string;
  accountId: string;
  name: string;
  role: Role;
  session: Session;
}

/** Where a request comes from; what a session and an audit row remember of it. */
export interface ClientInfo {
  ipAddress: string | null;
  userAgent: string | null;
}

export type Caller =
  | { kind: 'anonymous' }
  /** A token was presented and is no longer good. Only sign-in, refresh and sign-out look past that. */
  | { kind: 'refused'; error: AppError }
  | { kind: 'user'; viewer: Viewer }
  /** A trusted back end. A key of one account acts inside it only; `accountId` null: a key for all accounts. */
  | { kind: 'service'; keyId: string; name: string; accountId: string | null };

export const unauthenticated = (details: AppError['details'] = {}): AppError =>
  new AppError('UNAUTHENTICATED', 'Sign in to continue.', details);

/** @throws UNAUTHENTICATED without a usable token, FORBIDDEN for a service key */
export function requireUser(caller: Caller): Viewer {
  switch (caller.kind) {
    case 'user':
      return caller.viewer;
    case 'service':
      throw new AppError('FORBIDDEN', 'A person has to be signed in for this; a service key is not one.');
    case 'refused':
      throw caller.error;
    case 'anonymous':
      throw unauthenticated();
    default:
      return caller satisfies never;
  }
}

/** @throws as `requireUser`, and FORBIDDEN for a member */
export function requireOwner(caller: Caller): Viewer {
  const viewer = requireUser(caller);
  if (viewer.role !== 'OWNER') throw forbidden();
  return viewer;
}

/** For what anybody may know. @throws as the token was refused, where one was presented that is no longer good */
export function refuseBadToken(caller: Caller): void {
  if (caller.kind === 'refused') throw caller.error;
}

/** Null only where no token was presented. */
export function optionalUser(caller: Caller): Viewer | null {
  return caller.kind === 'anonymous' ? null : requireUser(caller);
}
