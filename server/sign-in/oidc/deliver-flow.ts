import { AppError, type ErrorDetails } from '../../errors.ts';
import type { TokenTransport } from '../../generated/schema.ts';
import type { StartedFlow } from './oidc-sign-in.service.ts';

/** The browser's cookies of unfinished sign-ins: one for each, so that two tabs can sign in at once. */
export interface FlowCookies {
  read(state: string): string | null;
  write(state: string, flowToken: string): void;
  clear(state: string): void;
}

/** Delivers the flow token: with COOKIE in a cookie only, with BODY in the response. */
export function deliverFlow(
  { authorizationUrl, flowToken, state }: StartedFlow,
  transport: TokenTransport,
  cookies: FlowCookies,
): { authorizationUrl: string; flowToken: string | null } {
  if (transport === 'BODY') return { authorizationUrl, flowToken };
  cookies.write(state, flowToken);
  return { authorizationUrl, flowToken: null };
}

/** @param next the delivered flow for the new sign-in; null: there is none, the person was asked already */
export function reauthenticationRequired(next: ReturnType<typeof deliverFlow> | null): AppError {
  const details: ErrorDetails = {
    reason: 'REAUTHENTICATION_REQUIRED',
    authorizationUrl: next?.authorizationUrl,
    flowToken: next?.flowToken ?? undefined,
  };
  return new AppError('INVALID_CREDENTIALS', 'Sign in again at the identity provider.', details);
}
