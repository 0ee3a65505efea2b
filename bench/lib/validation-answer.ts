/** The user whom the constant servers name. */
export const CONSTANT_USER = '6f1e6a0c-0000-4000-8000-000000000001';

/** What Curfew answers to `VALIDATE_SESSION`, as a constant. */
export const VALIDATION = {
  valid: true,
  reason: null,
  warning: false,
  secondsRemaining: 86_399,
  absoluteSecondsRemaining: 2_591_999,
  session: {
    id: '6f1e6a0c-0000-4000-8000-000000000000',
    authenticatedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    idleExpiresAt: '2026-01-02T00:00:00.000Z',
    absoluteExpiresAt: '2026-01-31T00:00:00.000Z',
    endedAt: null,
    endReason: null,
    user: {
      id: CONSTANT_USER,
      externalId: null,
      role: 'MEMBER',
      account: { id: '6f1e6a0c-0000-4000-8000-000000000002' },
    },
  },
};
