import { compactVerify, importJWK, type JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { addSeconds, type Clock } from '../clock.ts';
import type { SendRequest } from '../event-streams/outgoing-request.ts';
import type { Logger } from '../logger.ts';
import type { UnverifiedToken } from './signed-token.ts';
import { refuseToken, type KeysUnavailable, type TokenRefusal } from './token-refusal.ts';
import { readTransmitter, TransmitterError, type Transmitter } from './transmitter-metadata.ts';

/** How long keys count as fresh. */
const FRESH_SECONDS = 3_600;
/** How long they are used while the transmitter cannot be read. */
const USABLE_SECONDS = 86_400;
/** In a minute, for each issuer. Tokens with made-up key ids must not let anyone flood a transmitter. */
const MAX_LOOKUPS = 5;
const LOOKUP_PERIOD_SECONDS = 60;
const MAX_ISSUERS = 1_000;
/** Tokens that wait for one look-up. While a transmitter does not answer, strangers must not make Curfew hold more. */
const MAX_WAITING = 100;
/** Keys that one token may be tried with, where its header names none. */
const MAX_CANDIDATES = 10;
/**
 * Of RSA, in base64url: 8192 and 32 bits. A signature is verified on the threads that hash passwords, and an exponent as long
 * as the modulus takes hundreds of times as long: an owner's own issuer must not stop the sign-ins of others.
 */
const MAX_MODULUS_LENGTH = 1_366;
const MAX_EXPONENT_LENGTH = 6;

export interface VerifiedSignature {
  kind: 'verified';
  transmitter: Transmitter;
}

/** Verifies signatures with the keys that an issuer publishes. Any caller has checked that a source names the issuer. */
export interface TransmitterKeys {
  verify(issuer: string, token: UnverifiedToken): Promise<VerifiedSignature | TokenRefusal | KeysUnavailable>;
}

interface Known {
  transmitter: Transmitter | null;
  readAt: Date | null;
  lookUps: readonly Date[];
  failure: TransmitterError | null;
  pending: Promise<void> | null;
  /** Callers of `pending`. */
  waiting: number;
}

export function createTransmitterKeys({
  send,
  clock,
  logger,
}: {
  send: SendRequest;
  clock: Clock;
  logger: Logger;
}): TransmitterKeys {
  const issuers = new LRUCache<string, Known>({ max: MAX_ISSUERS });

  function knownOf(issuer: string): Known {
    const before = issuers.get(issuer);
    if (before) return before;
    const known = { transmitter: null, readAt: null, lookUps: [], failure: null, pending: null, waiting: 0 };
    issuers.set(issuer, known);
    return known;
  }

  async function read(issuer: string, known: Known): Promise<void> {
    try {
      known.transmitter = await readTransmitter(issuer, send);
      known.readAt = clock.now();
      known.failure = null;
    } catch (error) {
      if (!(error instanceof TransmitterError)) throw error;
      known.failure = error;
      logger.warn({ issuer, err: error }, 'the keys of an event source could not be read');
    } finally {
      known.pending = null;
    }
  }

  /**
   * Asks the issuer, unless it was asked too often or too many wait for its answer. Concurrent callers share one look-up.
   * False: not asked.
   */
  async function lookUp(issuer: string, known: Known): Promise<boolean> {
    if (!known.pending) {
      const now = clock.now();
      const recent = known.lookUps.filter((at) => addSeconds(at, LOOKUP_PERIOD_SECONDS) > now);
      if (recent.length >= MAX_LOOKUPS) return false;
      known.lookUps = [...recent, now];
      known.pending = read(issuer, known);
    }
    if (known.waiting >= MAX_WAITING) return false;
    known.waiting += 1;
    try {
      await known.pending;
    } finally {
      known.waiting -= 1;
    }
    return true;
  }

  const isYoungerThan = (known: Known, seconds: number): boolean =>
    known.readAt !== null && addSeconds(known.readAt, seconds) > clock.now();

  async function verifyWith(known: Known, token: UnverifiedToken): Promise<VerifiedSignature | null> {
    const { transmitter } = known;
    if (!transmitter || !isYoungerThan(known, USABLE_SECONDS)) return null;
    for (const key of candidatesFor(token, transmitter.keys))
      if (await isSignedWith(key, token)) return { kind: 'verified', transmitter };
    return null;
  }

  return {
    async verify(issuer, token) {
      const known = knownOf(issuer);
      const wasFresh = isYoungerThan(known, FRESH_SECONDS);
      let isAsked = !wasFresh && (await lookUp(issuer, known));
      let verified = await verifyWith(known, token);
      if (!verified && wasFresh) {
        // The key may be a new one, also under the id of an old one.
        isAsked = await lookUp(issuer, known);
        if (isAsked) verified = await verifyWith(known, token);
      }
      if (verified) return verified;
      const { failure, transmitter } = known;
      if (failure?.isTransient)
        return { kind: 'unavailable', description: failure.message, faultOf: 'issuer' };
      if (failure) return refuseToken('authentication_failed', failure.message, 'issuer');
      // Without a look-up it is unknown whether the key has been published since.
      if (!isAsked)
        return {
          kind: 'unavailable',
          description: 'The keys of the issuer were looked up too often.',
          faultOf: 'unknown',
        };
      return transmitter && candidatesFor(token, transmitter.keys).length > 0
        ? refuseToken('authentication_failed', 'The signature does not match a key of the issuer.')
        : refuseToken('invalid_key', 'The issuer does not publish the key that the token is signed with.');
    },
  };
}

const CURVES: Readonly<Record<string, string>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

function candidatesFor({ algorithm, keyId }: UnverifiedToken, keys: readonly JWK[]): JWK[] {
  const curve = CURVES[algorithm];
  return keys
    .filter(
      ({ kty, crv, kid, alg, use, n, e }) =>
        (curve === undefined ? kty === 'RSA' && isAffordable(n, e) : crv === curve) &&
        (keyId === null || kid === keyId) &&
        (alg === undefined || alg === algorithm) &&
        (use === undefined || use === 'sig'),
    )
    .slice(0, MAX_CANDIDATES);
}

const isAffordable = (modulus?: string, exponent?: string): boolean =>
  (modulus?.length ?? 0) <= MAX_MODULUS_LENGTH && (exponent?.length ?? 0) <= MAX_EXPONENT_LENGTH;

/** False also for a key that cannot be used, such as RSA with fewer than 2048 bits (RFC 7518, section 3.3). */
async function isSignedWith(jwk: JWK, { text, algorithm }: UnverifiedToken): Promise<boolean> {
  try {
    await compactVerify(text, await importJWK(jwk, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}
