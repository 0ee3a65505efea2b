/** The input of a refresh. */
export interface RefreshInput {
  userActive: boolean;
  requestId: string;
  notAfter: string;
}

export interface ReauthenticateInput {
  password: string;
  requestId: string;
}

export const refuse = (
  code: string,
  details: { endReason?: string; reason?: string; field?: string; retryAfterSeconds?: number } = {},
) => ({
  errors: [{ message: code, extensions: { code, ...details } }],
});

const MAX_AHEAD_MS = 60_000;

/** The refusal of a request that is late, or whose `notAfter` is too far ahead; null: neither. */
export function refuseByTime({ notAfter }: RefreshInput, now: number): ReturnType<typeof refuse> | null {
  const moment = Date.parse(notAfter);
  if (!(moment <= now + MAX_AHEAD_MS)) return refuse('BAD_USER_INPUT', { field: 'notAfter' });
  return now > moment ? refuse('INVALID_REFRESH_TOKEN', { reason: 'TOO_LATE' }) : null;
}
