import type { SessionEndReason } from '../generated/account-operations.ts';
import { endReasonInWords } from './end-reason.ts';

test('a known end reason is shown in words, an unknown one as its code', () => {
  expect(endReasonInWords('REVOKED_BY_OWNER')).toBe('Signed out by an owner of the account');
  expect(endReasonInWords('REFRESH_TOKEN_REUSED')).toContain('copied');
  expect(endReasonInWords('REPLACED')).toBe('Replaced by a new sign-in');
  expect(endReasonInWords('MOON_PHASE' as SessionEndReason)).toBe('Ended (MOON_PHASE)');
});
