import type { webcrypto } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { HttpCalls } from './http-calls.ts';

/** Stands for the keys of one fetch. */
export type KeyGeneration = object;

/** The header of a token: these name the key. */
export interface TokenHeader {
  kid?: string;
  alg?: string;
  [parameter: string]: unknown;
}

/**
 * Curfew's public keys. The package's types lead here, so these are without jose's: they are ES modules alone, which
 * TypeScript refuses in CommonJS.
 */
export interface KeySet {
  /** The keys at hand, which are fetched again in the background when they are old. Null: there are none yet. */
  generation(): KeyGeneration | null;
  /** Finds the key that the header names, and fetches the keys if it is unknown. Null: it is not available for now. */
  find(header: TokenHeader): Promise<webcrypto.CryptoKey | null>;
}

export interface KeySetTiming {
  /** Minimum interval between fetches, however many keys are unknown. */
  cooldownMs: number;
  /** Age at which the keys are fetched again. A withdrawn key is accepted until then. */
  refreshMs: number;
}

const FIRST_COOLDOWN_MS = 1_000;

type Lookup = ReturnType<typeof createLocalJWKSet>;

/**
 * Like jose's remote key set, except that the keys outlive an outage of Curfew and that a failed fetch has a cooldown,
 * too.
 */
export function createKeySet(dependencies: {
  http: HttpCalls;
  now: () => number;
  timing: KeySetTiming;
  onProblem(error: unknown): void;
}): KeySet {
  const { http, now, timing, onProblem } = dependencies;
  let lookup: Lookup | null = null;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let fetching: Promise<void> | null = null;

  async function fetchKeys(): Promise<void> {
    triedAt = now();
    try {
      const { status, body } = await http.get('/.well-known/jwks.json');
      if (status !== 200) throw new Error(`The keys were answered with status ${status}.`);
      // Throws if this is not a key set.
      lookup = createLocalJWKSet(body as JSONWebKeySet);
      fetchedAt = now();
    } catch (error) {
      onProblem(error);
    } finally {
      fetching = null;
    }
  }

  /** Joins the fetch in flight, or starts one if the cooldown is over. */
  function refetch(): Promise<void> {
    // Without any key the cooldown only prevents a storm of requests at the start.
    const cooldownMs = lookup ? timing.cooldownMs : Math.min(timing.cooldownMs, FIRST_COOLDOWN_MS);
    const isCooledDown = Math.abs(now() - triedAt) >= cooldownMs;
    if (!fetching && isCooledDown) fetching = fetchKeys();
    return fetching ?? Promise.resolve();
  }

  async function lookUp(header: TokenHeader): Promise<webcrypto.CryptoKey | null> {
    if (!lookup) return null;
    try {
      return await lookup(header);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  function generation(): KeyGeneration | null {
    // In the background: the cached keys are good enough for this token.
    if (lookup && now() - fetchedAt >= timing.refreshMs) void refetch();
    return lookup;
  }

  return {
    generation,
    async find(header) {
      generation();
      const known = await lookUp(header);
      if (known) return known;
      await refetch();
      return lookUp(header);
    },
  };
}
