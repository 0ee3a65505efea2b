import { AppError, forbidden } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import type { Session } from './session.ts';

/** A signed-in user, as read from the session and user rows when the request arrived. */
export interface Viewer {
  userId: string;
  accountId: string;
  name: string;
  role: Role;
  session: Session;
  /** True for a session-scoped token (`issueSessionAccessToken`). */
  isSessionScoped: boolean;
}

/** The viewer as the actor of an audit row. */
export const actorOf = ({ userId, name }: Viewer) => ({ id: userId, name });

/** Origin of a request, as sessions and audit rows store it. */
export interface ClientInfo {
  ipAddress: string | null;
  userAgent: string | null;
  /** Marks a browser that has signed in before. It is no proof of identity. */
  deviceToken?: string | null;
}

export type Caller =
  | { kind: 'anonymous' }
  /** The presented token is not valid. Only sign-in, refresh and sign-out ignore that. */
  | { kind: 'refused'; error: AppError }
  | { kind: 'user'; viewer: Viewer }
  | { kind: 'service'; service: ServiceCaller };

/**
 * A trusted back end. Its key acts in one account only, or in all accounts where `accountId` is null. Never one whose key has
 * a scope: that is a `StreamManager` only.
 */
export interface ServiceCaller {
  keyId: string;
  name: string;
  accountId: string | null;
}

/** A receiver of security events, which manages and polls the SSF streams of one account. */
export interface StreamManager {
  keyId: string;
  name: string;
  accountId: string;
}

export const unauthenticated = (
  details: AppError['details'] = {},
  evidence: AppError['evidence'] = {},
): AppError => new AppError('UNAUTHENTICATED', 'Sign in to continue.', details, undefined, evidence);

/** For a service key that is unknown, revoked or expired. */
export const invalidServiceKey = (evidence: AppError['evidence'] = {}): AppError =>
  new AppError('UNAUTHENTICATED', 'This service key is not valid.', {}, undefined, evidence);

/**
 * Returns the user for an operation that needs full access.
 * @throws UNAUTHENTICATED without a valid token, FORBIDDEN for a service key or a session-scoped token
 */
export function requireUser(caller: Caller): Viewer {
  refuseSessionScope(caller);
  return requireUserInAnyScope(caller);
}

/** @throws FORBIDDEN for a session-scoped token */
export function refuseSessionScope(caller: Caller): void {
  if (caller.kind === 'user' && caller.viewer.isSessionScoped)
    throw new AppError('FORBIDDEN', 'This token can only follow, extend or end its own session.');
}

/**
 * Returns the user for an operation that session-scoped tokens may call too.
 * @throws UNAUTHENTICATED without a valid token, FORBIDDEN for a service key
 */
export function requireUserInAnyScope(caller: Caller): Viewer {
  switch (caller.kind) {
    case 'user':
      return caller.viewer;
    case 'service':
      throw new AppError(
        'FORBIDDEN',
        'This operation needs a signed-in user; service keys are not accepted.',
      );
    case 'refused':
      throw caller.error;
    case 'anonymous':
      throw unauthenticated();
    default:
      return caller satisfies never;
  }
}

/** @throws like `requireUser`, and FORBIDDEN for a member */
export function requireOwner(caller: Caller): Viewer {
  const viewer = requireUser(caller);
  if (viewer.role !== 'OWNER') throw forbidden();
  return viewer;
}

/** Only a service key is accepted, so what is no token of ours was meant to be one. */
function asServiceKeyError(error: AppError): AppError {
  const { evidence } = error;
  switch (evidence.reason) {
    case 'TOKEN_INVALID':
      return invalidServiceKey(evidence);
    case 'SCHEME_UNKNOWN':
      return new AppError(
        'UNAUTHENTICATED',
        'Send the service key as `Authorization: Bearer KEY`.',
        {},
        undefined,
        evidence,
      );
    default:
      return error;
  }
}

/** @throws UNAUTHENTICATED without a valid key, FORBIDDEN for a user */
export function requireService(caller: Caller): ServiceCaller {
  switch (caller.kind) {
    case 'service':
      return caller.service;
    case 'user':
      throw new AppError('FORBIDDEN', 'This operation needs a service key; user tokens are not accepted.');
    case 'refused':
      throw asServiceKeyError(caller.error);
    case 'anonymous':
      throw new AppError('UNAUTHENTICATED', 'This operation needs a service key.');
    default:
      return caller satisfies never;
  }
}

/** @throws like `requireService`, and FORBIDDEN for a key of one account */
export function requireServiceForAll(caller: Caller): ServiceCaller {
  const service = requireService(caller);
  if (service.accountId === null) return service;
  throw new AppError('FORBIDDEN', 'This operation needs a service key for all accounts.');
}

/** For operations open to anonymous callers. @throws the token's own error where the presented token is not valid */
export function refuseBadToken(caller: Caller): void {
  if (caller.kind === 'refused') throw caller.error;
}

/** Null: no token was presented. @throws like `requireUser` for any presented token */
export function optionalUser(caller: Caller): Viewer | null {
  return caller.kind === 'anonymous' ? null : requireUser(caller);
}
