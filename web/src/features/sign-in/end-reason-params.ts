/** The end reason in the address of the sign-in page. Null where the address gives none that this page knows. */
export type EndReasonParams =
  | { kind: 'expired'; limit: 'idle' | 'absolute' | null }
  | { kind: 'signed-out'; reason: KnownEndReason | null }
  /** By the owner in this browser. */
  | { kind: 'account-deleted' };

export const KNOWN_END_REASONS = [
  'revoked_by_owner',
  'revoked_by_user',
  'revoked_by_service',
  'password_changed',
  'user_deactivated',
  'policy_changed',
  'refresh_token_reused',
  'replaced',
  'session_limit',
  'security_event',
] as const;
export type KnownEndReason = (typeof KNOWN_END_REASONS)[number];

/** Reads the end reason. The address is untrusted, so it only selects one of the fixed messages. */
export function readEndReason(query: URLSearchParams): EndReasonParams | null {
  switch (query.get('reason')) {
    case 'session_expired': {
      const limit = query.get('limit');
      return { kind: 'expired', limit: limit === 'idle' || limit === 'absolute' ? limit : null };
    }
    case 'signed_out': {
      const cause = query.get('cause');
      return { kind: 'signed-out', reason: KNOWN_END_REASONS.find((known) => known === cause) ?? null };
    }
    case 'account_deleted':
      return { kind: 'account-deleted' };
    case null:
    default:
      return null;
  }
}
