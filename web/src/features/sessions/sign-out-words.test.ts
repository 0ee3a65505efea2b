import type { Person, Totals } from './people.ts';
import type { LiveSession } from './sessions-of-person.ts';
import { outcomeOf, questionFor } from './sign-out-words.ts';

const max: Person = {
  userId: '1',
  name: 'Max Member',
  email: 'max@example.test',
  lastLoginAt: null,
  sessionCount: 2,
  isViewer: false,
};
const you: Person = { ...max, name: 'Ana Owner', isViewer: true };
const totals: Totals = { people: 31, matching: 31, sessions: 44, ownSessions: 3 };
const session = { device: 'Firefox on Linux', isCurrent: false } as LiveSession;

test('the two bulk questions differ in title, body and button, and name the numbers', () => {
  expect(questionFor({ kind: 'others', totals })).toEqual({
    title: 'Sign out everyone except you?',
    body: 'This ends 41 sessions of 30 people, who will have to sign in again. Your own 3 sessions stay.',
    confirm: 'Sign out 30 people',
  });
  expect(questionFor({ kind: 'everyone', totals })).toEqual({
    title: 'Sign out everyone, including you?',
    body: 'This ends 44 sessions of 31 people, this one included. Everybody has to sign in again, and you go to the sign-in page.',
    confirm: 'Sign out all 31 people',
  });
});

test('one is not many', () => {
  const few: Totals = { people: 2, matching: 2, sessions: 2, ownSessions: 1 };
  expect(questionFor({ kind: 'others', totals: few }).body).toBe(
    'This ends 1 session of 1 person, who will have to sign in again. Your own 1 session stays.',
  );
  expect(outcomeOf({ kind: 'others', totals: few }, 1)).toBe('Signed out 1 session. Yours stays.');
});

test('alone, everyone is only you', () => {
  const alone: Totals = { people: 1, matching: 1, sessions: 1, ownSessions: 1 };
  expect(questionFor({ kind: 'everyone', totals: alone }).body).toContain('Only you are signed in.');
});

test('from 10,000 sessions on, the number is no longer exact and says so', () => {
  const many: Totals = { people: 8000, matching: 8000, sessions: 10_000, ownSessions: 1 };
  const { body } = questionFor({ kind: 'everyone', totals: many });
  expect(body).toContain('10,000 or more sessions of 8,000 people');
});

test('what ends is said before, and what has ended after', () => {
  expect(questionFor({ kind: 'person', person: max }).body).toContain('2 sessions of Max Member');
  expect(outcomeOf({ kind: 'person', person: max }, 2)).toBe('Signed out Max Member: 2 sessions.');
  expect(questionFor({ kind: 'person', person: you }).body).toContain('your 2 sessions, this one included');
  expect(questionFor({ kind: 'session', session, person: max }).title).toBe('Sign out Firefox on Linux?');
  expect(outcomeOf({ kind: 'session', session, person: max }, 1)).toBe(
    'Signed Max Member out of Firefox on Linux.',
  );
  expect(questionFor({ kind: 'session', session: { ...session, isCurrent: true }, person: you }).title).toBe(
    'Sign out here?',
  );
});

test('what had ended before is not claimed', () => {
  expect(outcomeOf({ kind: 'person', person: max }, 0)).toBe('There was nothing left to sign out.');
});
