import { addSeconds } from '../clock.ts';
import { sha256 } from '../sha256.ts';
import { isObject } from '../is-object.ts';
import type { UnverifiedToken } from './signed-token.ts';
import { refuseToken, type TokenRefusal } from './token-refusal.ts';

/** How far the clock of a transmitter may be ahead of Curfew's. */
export const CLOCK_DIFFERENCE_SECONDS = 300;
/**
 * How old a security event may be. A SET has no `exp`: a transmitter sends it again as long as it could not deliver it, and
 * after a long outage it still has to count.
 */
const MAX_EVENT_AGE_SECONDS = 7 * 86_400;
/** How old a request for global token revocation may be, even with a later `exp`: it is made for one request. */
const MAX_REQUEST_AGE_SECONDS = 3_600;

/** Asymmetric only: with a published key as the secret of an HMAC, anyone could sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What a token says about itself, once its rules hold. Its signature is another question. */
export interface CheckedToken {
  kind: 'checked';
  issuedAt: Date;
  /** By which a repetition is known. */
  hash: Buffer;
  /** From then on the token is refused for its age. */
  keepUntil: Date;
}

/** The one event of a security event token. */
export interface CheckedEvent extends CheckedToken {
  eventType: string;
  payload: Readonly<Record<string, unknown>>;
  /** As it came: `sub_id`, or the `subject` of the event where there is none. */
  subject: unknown;
}

/**
 * Whether it says that it is a security event token (RFC 8417) of this transmitter, for this audience. Null: it does.
 * @param expected null: there is no such source. Answers like a source of another issuer.
 */
export function refuseMisdirected(
  token: UnverifiedToken,
  expected: { issuer: string; audience: string } | null,
): TokenRefusal | null {
  const { claims } = token;
  if (token.type !== 'secevent+jwt')
    return refuseToken('invalid_request', 'The header typ must be secevent+jwt.');
  if (!isAlgorithm(token.algorithm))
    return refuseToken('invalid_key', 'The token is not signed with an accepted algorithm.');
  if (!expected || claims.iss !== expected.issuer) return refuseIssuer();
  if (!audiencesOf(claims).includes(expected.audience))
    return refuseToken('invalid_audience', 'The audience is not the one of this source.');
  return null;
}

/** The content of a security event token (SSF 1.0, section 4). */
export function checkSecurityEvent({ claims }: UnverifiedToken, now: Date): CheckedEvent | TokenRefusal {
  // Either would make it a token of another kind (SSF 1.0, sections 4.1.6 and 4.1.7).
  if ('exp' in claims || 'sub' in claims)
    return refuseToken('invalid_request', 'A security event token has neither exp nor sub.');
  const checked = checkTimes(claims, 'secevent', MAX_EVENT_AGE_SECONDS, now);
  if (checked.kind === 'refused') return checked;
  const events = isObject(claims.events) ? Object.entries(claims.events) : [];
  const [event] = events;
  if (!event || events.length > 1)
    return refuseToken('invalid_request', 'The token must have exactly one event.');
  const [eventType, payload] = event;
  if (!isObject(payload)) return refuseToken('invalid_request', 'An event must be an object.');
  return { ...checked, eventType, payload, subject: claims.sub_id ?? payload.subject };
}

export const refuseIssuer = (): TokenRefusal =>
  refuseToken('invalid_issuer', 'The issuer is not the one of this source.');

/** The token of a request for global token revocation, but for issuer and audience, which find its sources. */
export function checkRevocationRequest(token: UnverifiedToken, now: Date): CheckedToken | TokenRefusal {
  const { claims } = token;
  if (token.type !== 'global-token-revocation+jwt')
    return refuseToken('invalid_request', 'The header typ must be global-token-revocation+jwt.');
  if (!isAlgorithm(token.algorithm))
    return refuseToken('invalid_key', 'The token is not signed with an accepted algorithm.');
  const expiresAt = toInstant(claims.exp);
  if (expiresAt === null || expiresAt <= now) return refuseToken('invalid_request', 'The token has expired.');
  const notBefore = claims.nbf === undefined ? now : toInstant(claims.nbf);
  if (notBefore === null || notBefore > addSeconds(now, CLOCK_DIFFERENCE_SECONDS))
    return refuseToken('invalid_request', 'The token is not valid yet.');
  return checkTimes(claims, 'global-token-revocation', MAX_REQUEST_AGE_SECONDS, now);
}

export function audiencesOf({ aud }: UnverifiedToken['claims']): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud];
}

const isAlgorithm = (name: string): name is Algorithm => (ALGORITHMS as readonly string[]).includes(name);

function checkTimes(
  { iat, jti }: UnverifiedToken['claims'],
  kind: string,
  maxAgeSeconds: number,
  now: Date,
): CheckedToken | TokenRefusal {
  const issuedAt = toInstant(iat);
  if (issuedAt === null) return refuseToken('invalid_request', 'The token must have iat, in seconds.');
  if (typeof jti !== 'string' || jti === '')
    return refuseToken('invalid_request', 'The token must have jti.');
  if (issuedAt > addSeconds(now, CLOCK_DIFFERENCE_SECONDS))
    return refuseToken('invalid_request', 'The token is from the future.');
  const keepUntil = addSeconds(issuedAt, maxAgeSeconds);
  if (keepUntil <= now) return refuseToken('invalid_request', 'The token is too old.');
  return { kind: 'checked', issuedAt, hash: sha256(`${kind} ${jti}`), keepUntil };
}

/** The last second of JavaScript's dates. */
const LAST_SECOND = 8_640_000_000_000;

const toInstant = (seconds: unknown): Date | null =>
  typeof seconds === 'number' && seconds >= 0 && seconds <= LAST_SECOND / 10
    ? new Date(Math.floor(seconds * 1000))
    : null;
