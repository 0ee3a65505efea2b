import type { Problem } from '../../lib/problem.ts';
import { isConflict, refusedInWords, restoredInWords } from './restore-words.ts';

const refused = (code: string): Problem => ({
  kind: 'refused',
  code,
  message: 'A sentence.',
  extensions: {},
});

test('a restore says which version it made, and what it did', () => {
  const restored = { version: 6, endedSessions: 4, shortenedSessions: 2 };
  expect(restoredInWords(3, 'NEXT_LOGIN', restored)).toBe(
    'Version 3 is restored as version 6. It applies from the next sign-in.',
  );
  expect(restoredInWords(3, 'ACTIVE_SESSIONS', restored)).toBe(
    'Version 3 is restored as version 6 and applied: 4 sessions ended, 2 shortened.',
  );
});

test('limits that the server no longer allows are named, and a conflict is a notice of its own', () => {
  expect(refusedInWords(refused('BAD_USER_INPUT'), 3)).toBe(
    'This server no longer allows the limits of version 3. Nothing was changed.',
  );
  expect(refusedInWords(refused('CONFLICT'), 3)).toBeNull();
  expect(isConflict(refused('CONFLICT'))).toBe(true);
  expect(refusedInWords(refused('FORBIDDEN'), 3)).toBe('A sentence.');
  expect(refusedInWords({ kind: 'not-confirmed' }, 3)).toBeNull();
  expect(refusedInWords(null, 3)).toBeNull();
});
