/** An event of Curfew's subscription `sessionExpiry`; see `SessionExpiryEvent` in its schema. Times are RFC 3339. */
export interface SessionExpiryEvent {
  kind: 'WARNING' | 'EXTENDED' | 'SHORTENED' | 'EXPIRED' | 'REVOKED';
  reason: 'IDLE' | 'ABSOLUTE' | null;
  endReason: string | null;
  sessionId: string;
  expiresAt: string;
  secondsRemaining: number;
  canExtend: boolean;
  canReauthenticate: boolean;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  serverTime: string;
}
