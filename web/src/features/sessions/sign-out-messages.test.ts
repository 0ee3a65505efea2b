import type { Person, Totals } from './people.ts';
import type { ListedSession } from './sessions-of-person.ts';
import { resultMessage, confirmationFor } from './sign-out-messages.ts';

const max: Person = {
  userId: '1',
  name: 'Max Member',
  email: 'max@example.test',
  lastLoginAt: null,
  sessionCount: 2,
  isViewer: false,
  role: 'MEMBER',
};
const you: Person = { ...max, name: 'Ana Owner', isViewer: true };
const totals: Totals = { people: 31, sessions: 44, ownSessions: 3 };
const session = { id: '1', device: 'Firefox on Linux', isCurrent: false } as ListedSession;

test('the two bulk confirmations differ in title, body and button, and name the numbers', () => {
  expect(confirmationFor({ kind: 'others', totals })).toEqual({
    title: 'Sign out everyone except you?',
    body: 'This ends 41 sessions of 30 people, who will have to sign in again. Your own 3 sessions stay.',
    confirm: 'Sign out 30 people',
  });
  expect(confirmationFor({ kind: 'everyone', totals })).toEqual({
    title: 'Sign out everyone, including you?',
    body: 'This ends 44 sessions of 31 people, including this one. Everyone will have to sign in again. You’ll go to the sign-in page.',
    confirm: 'Sign out all 31 people',
  });
});

test('one person and one session are singular', () => {
  const few: Totals = { people: 2, sessions: 2, ownSessions: 1 };
  expect(confirmationFor({ kind: 'others', totals: few }).body).toBe(
    'This ends 1 session of 1 person, who will have to sign in again. Your own session stays.',
  );
  expect(resultMessage({ kind: 'others', totals: few }, 1)).toBe('Signed out 1 session. Yours stays.');
});

test('an owner who is alone is told so', () => {
  const alone: Totals = { people: 1, sessions: 1, ownSessions: 1 };
  expect(confirmationFor({ kind: 'everyone', totals: alone }).body).toContain('Only you are signed in.');
});

test('from 10,000 sessions on, the number is marked as inexact', () => {
  const many: Totals = { people: 8000, sessions: 10_000, ownSessions: 1 };
  const { body } = confirmationFor({ kind: 'everyone', totals: many });
  expect(body).toContain('10,000 or more sessions of 8,000 people');
});

test('the confirmation and the result name the sessions', () => {
  expect(confirmationFor({ kind: 'person', person: max }).body).toContain('Max Member’s 2 sessions');
  expect(resultMessage({ kind: 'person', person: max }, 2)).toBe('Signed out Max Member: 2 sessions.');
  expect(confirmationFor({ kind: 'person', person: you }).body).toContain(
    'your 2 sessions, including this one',
  );
  expect(confirmationFor({ kind: 'session', session, person: max }).title).toBe('Sign out Firefox on Linux?');
  expect(resultMessage({ kind: 'session', session, person: max }, 1)).toBe(
    'Signed Max Member out of Firefox on Linux.',
  );
  expect(
    confirmationFor({ kind: 'session', session: { ...session, isCurrent: true }, person: you }).title,
  ).toBe('Sign out here?');
});

test('sessions that had ended before are not claimed', () => {
  expect(resultMessage({ kind: 'person', person: max }, 0)).toBe('There were no sessions left to sign out.');
});

test('a selection is named by its sessions and their people, and the own one by itself', () => {
  const other = { ...max, userId: '2' };
  const selected = [
    { session, person: max },
    { session: { ...session, id: '2' }, person: max },
    { session: { ...session, id: '3' }, person: other },
  ];
  expect(confirmationFor({ kind: 'selected', selected })).toEqual({
    title: 'Sign out 3 sessions?',
    body: 'This ends 3 sessions of 2 people. Unsaved work there is lost. No password is changed.',
    confirm: 'Sign out 3 sessions',
  });
  expect(resultMessage({ kind: 'selected', selected }, 2)).toBe('Signed out 2 sessions.');
  const own = { session: { ...session, id: '4', isCurrent: true }, person: you };
  expect(confirmationFor({ kind: 'selected', selected: [...selected, own] }).body).toBe(
    'This ends the session you’re using right now, and 3 sessions besides. Unsaved work there is lost. You’ll go to the sign-in page.',
  );
  expect(confirmationFor({ kind: 'selected', selected: [own] }).body).toBe(
    'This is the session you’re using right now. You’ll go to the sign-in page.',
  );
});
