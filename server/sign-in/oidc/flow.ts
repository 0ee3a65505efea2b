import { createHmac } from 'node:crypto';
import { addSeconds } from '../../clock.ts';
import { isSameSecret } from '../../timing-safe.ts';
import type { Flow } from '../../tokens/flow-token.ts';

/** The time to complete a sign-in. */
export const FLOW_SECONDS = 600;

/** Sent to the provider or returned by it, and derived from the flow token, which only the browser holds. */
export interface FlowSecrets {
  state: string;
  nonce: string;
  /** PKCE: 43 unreserved characters (RFC 7636, section 4.1). */
  codeVerifier: string;
}

/** Derives each with its own label, so that the state, visible in the address bar, reveals nothing of the others. */
export function deriveSecrets({ seed }: Pick<Flow, 'seed'>): FlowSecrets {
  const derive = (label: string): string => createHmac('sha256', seed).update(label).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code_verifier') };
}

/**
 * Begins a flow that expires after `FLOW_SECONDS`.
 * @param given.seed 256 random bits in base64url
 * @param given.maxAge in seconds; null: none
 */
export const beginFlow = (given: Omit<Flow, 'expiresAt'>, now: Date): Flow => ({
  ...given,
  expiresAt: addSeconds(now, FLOW_SECONDS),
});

/** Whether the callback answers this flow: it came to the flow's redirect URI, with the flow's state. */
export function isAnswerTo(flow: Flow, callback: { redirectUri: string; state: string }): boolean {
  return isSameSecret(deriveSecrets(flow).state, callback.state) && callback.redirectUri === flow.redirectUri;
}
