import { AppError } from '../errors.ts';
import type { ExpiryReason } from '../generated/schema.ts';

/** The refusal of a refresh past a deadline. */
export const expired = (deadline: ExpiryReason, expiredAt: Date): AppError =>
  deadline === 'IDLE'
    ? new AppError('SESSION_EXPIRED_IDLE', 'The session ended because it was inactive. Sign in again.', {
        expiredAt,
      })
    : new AppError('SESSION_EXPIRED_ABSOLUTE', 'The session reached its absolute limit. Sign in again.', {
        expiredAt,
      });

/** Any other refusal of a refresh. @param details how the session ended, where it has */
export const invalidRefreshToken = (details: AppError['details'] = {}): AppError =>
  new AppError('INVALID_REFRESH_TOKEN', 'This refresh token is not valid. Sign in again.', details);
