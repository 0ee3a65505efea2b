import { createHash } from 'node:crypto';
import { dropOldest } from './drop-oldest.ts';
import type { KeyGeneration } from './key-set.ts';

/** Access tokens whose signature and claims were verified: a browser sends the same one for minutes. */
export interface VerifiedTokens<Claims> {
  /** Null: it has to be verified, for the first time or again. */
  find(token: string, keys: KeyGeneration, now: number): Claims | null;
  add(token: string, claims: Claims, keys: KeyGeneration, now: number): void;
}

/**
 * Knows the last `maxSize` tokens by their hash, so that none is kept. What was verified with other keys, later than
 * `now`, or expires within `marginMs`, has to be verified again.
 */
export function createVerifiedTokens<Claims extends { exp: number }>({
  maxSize,
  marginMs,
}: {
  maxSize: number;
  marginMs: number;
}): VerifiedTokens<Claims> {
  const known = new Map<string, { claims: Claims; keys: KeyGeneration; verifiedAt: number }>();

  return {
    find(token, keys, now) {
      const hash = hashOf(token);
      const entry = known.get(hash);
      if (!entry) return null;
      if (entry.keys === keys && entry.verifiedAt <= now && now < entry.claims.exp - marginMs)
        return entry.claims;
      known.delete(hash);
      return null;
    },
    add(token, claims, keys, now) {
      known.set(hashOf(token), { claims, keys, verifiedAt: now });
      dropOldest(known, maxSize);
    },
  };
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');
