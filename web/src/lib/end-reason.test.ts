import type { SessionEndReason } from '../generated/operations.ts';
import { endReasonInWords } from './end-reason.ts';

test('an end is told in words, and one that is not known is not hidden', () => {
  expect(endReasonInWords('REVOKED_BY_OWNER')).toBe('Signed out by an owner of the account');
  expect(endReasonInWords('REFRESH_TOKEN_REUSED')).toContain('copied');
  expect(endReasonInWords('MOON_PHASE' as SessionEndReason)).toBe('Ended (MOON_PHASE)');
});
