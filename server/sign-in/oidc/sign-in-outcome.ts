import { AppError, type Evidence } from '../../errors.ts';
import type { SessionWithRefreshState } from '../../rules/session.ts';
import type { TokenTransport } from '../../generated/schema.ts';
import type { TokenSet } from '../../sessions/token-set.ts';
import type { CreatedSession } from '../../sessions/create-session.ts';
import type { Flow } from '../../tokens/flow-token.ts';
import type { Provider } from './provider.ts';

export type Refusal =
  | { reason: 'OAUTH_FLOW_INVALID' | 'PROVIDER_ANSWER_INVALID' | 'NOT_INVITED' | 'ANOTHER_PERSON' }
  | { reason: 'PROVIDER_REFUSED'; providerError: string | undefined };

/** How a callback of an identity provider ended. */
export type SignInOutcome =
  /** `provider`: its id, if it is known. */
  | { kind: 'refused'; refusal: Refusal; provider?: string }
  | { kind: 'created'; created: CreatedSession; replacedSession: SessionWithRefreshState | null }
  /** In the session that there was. `via`: how its refresh token came; null: none came. */
  | { kind: 'reauthenticated'; tokens: TokenSet; via: TokenTransport | null }
  /** The sign-in at the provider was not a new one. */
  | { kind: 'not reauthenticated' }
  /** `maxAge`: how long ago, in seconds, the sign-in at the provider may be. */
  | { kind: 'reauthenticate'; maxAge: number; flow: Flow; provider: Provider };

export const refused = (
  reason: Exclude<Refusal['reason'], 'PROVIDER_REFUSED'>,
  provider?: string,
): SignInOutcome => ({ kind: 'refused', refusal: { reason }, provider });

/** One message for all refusals: only `reason` tells which part failed. */
export const toRefusalError = (refusal: Refusal, evidence: Evidence = {}): AppError =>
  new AppError(
    'INVALID_CREDENTIALS',
    'The sign-in at the identity provider was not accepted.',
    refusal,
    undefined,
    evidence,
  );
