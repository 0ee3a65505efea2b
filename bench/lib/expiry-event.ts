/** The event of the bare servers, as long as Curfew's. */
export const EVENT = {
  kind: 'REVOKED',
  reason: null,
  endReason: 'REVOKED_BY_OWNER',
  sessionId: '6f1e6a0c-0000-4000-8000-000000000000',
  expiresAt: '2026-01-01T00:00:00.000Z',
  secondsRemaining: 0,
  canExtend: false,
  idleExpiresAt: '2026-01-01T00:00:00.000Z',
  absoluteExpiresAt: '2026-01-01T00:00:00.000Z',
  serverTime: '2026-01-01T00:00:00.000Z',
};
