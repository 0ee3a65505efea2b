import { createHmac, timingSafeEqual } from 'node:crypto';
import { addSeconds } from '../../clock.ts';
import type { Flow } from '../../tokens/flow-token.ts';

/** A sign-in has to be completed within this. */
export const FLOW_SECONDS = 600;

/** What the provider is given, or gives back, that only the browser with the flow token can have begun. */
export interface FlowSecrets {
  state: string;
  nonce: string;
  /** PKCE (RFC 7636): 43 characters of the unreserved set, as section 4.1 asks for. */
  codeVerifier: string;
}

/** One label for each, so that the state, which the browser's address bar shows, tells nothing of the others. */
export function deriveSecrets({ seed }: Pick<Flow, 'seed'>): FlowSecrets {
  const derive = (label: string): string => createHmac('sha256', seed).update(label).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code_verifier') };
}

/** @param given.seed 256 random bits in base64url @param given.maxAge in seconds; null: none */
export const beginFlow = (given: Omit<Flow, 'expiresAt'>, now: Date): Flow => ({
  ...given,
  expiresAt: addSeconds(now, FLOW_SECONDS),
});

/** Whether the callback answers this flow: it came to the flow's redirect URI, with the flow's state. */
export function isAnswerTo(flow: Flow, callback: { redirectUri: string; state: string }): boolean {
  const expected = Buffer.from(deriveSecrets(flow).state);
  const given = Buffer.from(callback.state);
  const isSameState = expected.length === given.length && timingSafeEqual(expected, given);
  return isSameState && callback.redirectUri === flow.redirectUri;
}
