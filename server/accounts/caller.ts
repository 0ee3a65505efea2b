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
  /** The token was issued for a browser that follows its session's end (`issueSessionAccessToken`) and may no more. */
  isConfined: boolean;
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
  | { kind: 'service'; service: ServiceCaller };

/** A trusted back end. A key of one account acts inside it only; `accountId` null: a key for all accounts. */
export interface ServiceCaller {
  keyId: string;
  name: string;
  accountId: string | null;
}

export const unauthenticated = (details: AppError['details'] = {}): AppError =>
  new AppError('UNAUTHENTICATED', 'Sign in to continue.', details);

/** @throws UNAUTHENTICATED without a usable token, FORBIDDEN for a service key and for a confined token */
export function requireUser(caller: Caller): Viewer {
  const viewer = requireSessionHolder(caller);
  if (!viewer.isConfined) return viewer;
  throw new AppError('FORBIDDEN', 'This token is good for the end of its session, and for nothing else.');
}

/** What a confined token is good for, too. @throws UNAUTHENTICATED without a usable token, FORBIDDEN for a service key */
export function requireSessionHolder(caller: Caller): Viewer {
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

/** @throws UNAUTHENTICATED without a usable key, FORBIDDEN for a person */
export function requireService(caller: Caller): ServiceCaller {
  switch (caller.kind) {
    case 'service':
      return caller.service;
    case 'user':
      throw new AppError('FORBIDDEN', 'This is for trusted back ends, which present a service key.');
    case 'refused':
      throw caller.error;
    case 'anonymous':
      throw unauthenticated();
    default:
      return caller satisfies never;
  }
}

/** @throws as `requireService`, and FORBIDDEN for a key of one account */
export function requireServiceForAll(caller: Caller): ServiceCaller {
  const service = requireService(caller);
  if (service.accountId === null) return service;
  throw new AppError('FORBIDDEN', 'This needs a service key for all accounts.');
}

/** For what anybody may know. @throws as the token was refused, where one was presented that is no longer good */
export function refuseBadToken(caller: Caller): void {
  if (caller.kind === 'refused') throw caller.error;
}

/** Null only where no token was presented. */
export function optionalUser(caller: Caller): Viewer | null {
  return caller.kind === 'anonymous' ? null : requireUser(caller);
}
