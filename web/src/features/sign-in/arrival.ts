/** Why somebody has been sent to the sign-in page, as far as its address says so in words that this page knows. */
export type Arrival =
  { kind: 'expired'; limit: 'idle' | 'absolute' | null } | { kind: 'signed-out'; cause: Cause | null };

export const CAUSES = [
  'revoked_by_owner',
  'revoked_by_user',
  'revoked_by_service',
  'password_changed',
  'user_deactivated',
  'policy_changed',
  'refresh_token_reused',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Anybody can write an address: it chooses among our own sentences and adds nothing to them. */
export function arrivalOf(query: URLSearchParams): Arrival | null {
  switch (query.get('reason')) {
    case 'session_expired': {
      const limit = query.get('limit');
      return { kind: 'expired', limit: limit === 'idle' || limit === 'absolute' ? limit : null };
    }
    case 'signed_out': {
      const given = query.get('cause');
      return { kind: 'signed-out', cause: CAUSES.find((cause) => cause === given) ?? null };
    }
    default:
      return null;
  }
}
