import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type JWSHeaderParameters,
  type JSONWebKeySet,
} from 'jose';
import type { HttpCalls } from './http-calls.ts';

/** Curfew's public keys. */
export interface KeySet {
  /** The key that the header names, fetched anew where it is unknown; null where it cannot be had at present. */
  find(header: JWSHeaderParameters): Promise<CryptoKey | null>;
}

export interface KeySetTiming {
  /** A burst of unknown keys costs one fetch in this time. */
  cooldownMs: number;
  /** A key that was taken away stays good here for that long. */
  refreshMs: number;
}

const FIRST_COOLDOWN_MS = 1_000;

type Lookup = ReturnType<typeof createLocalJWKSet>;

/**
 * What jose's own remote key set does, but that keys which were fetched once outlive an outage, and that a fetch that
 * failed cools down too.
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
      // Throws for what is no key set.
      lookup = createLocalJWKSet(body as JSONWebKeySet);
      fetchedAt = now();
    } catch (error) {
      onProblem(error);
    } finally {
      fetching = null;
    }
  }

  /** The fetch under way, or a new one where the last try is long enough ago. */
  function refetch(): Promise<void> {
    // Without any key there is nothing to spare the server for but a storm at its start.
    const cooldownMs = lookup ? timing.cooldownMs : Math.min(timing.cooldownMs, FIRST_COOLDOWN_MS);
    const isCool = Math.abs(now() - triedAt) >= cooldownMs;
    if (!fetching && isCool) fetching = fetchKeys();
    return fetching ?? Promise.resolve();
  }

  async function seek(header: JWSHeaderParameters): Promise<CryptoKey | null> {
    if (!lookup) return null;
    try {
      return await lookup(header);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  return {
    async find(header) {
      // In the background: the keys at hand are good enough for this one.
      if (lookup && now() - fetchedAt >= timing.refreshMs) void refetch();
      const known = await seek(header);
      if (known) return known;
      await refetch();
      return seek(header);
    },
  };
}
