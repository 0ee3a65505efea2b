import { timingSafeEqual } from 'node:crypto';

/** Compares a secret with what was presented. How long it takes tells no more than whether their lengths differ. */
export function isSameSecret(expected: string | Uint8Array, presented: string | Uint8Array): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(presented)];
  return one.length === other.length && timingSafeEqual(one, other);
}
