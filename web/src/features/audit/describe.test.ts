import { ACTIONS } from './actions.ts';
import { describe as describeEvent } from './describe.ts';

const ANA = { id: 'ana', name: 'Ana Owner', email: 'ana@example.test' };
const MAX = { id: 'max', name: 'Max Member', email: 'max@example.test' };

type Event = Parameters<typeof describeEvent>[0];

const told = (action: string, event: Partial<Event> = {}) =>
  describeEvent({ action, actor: { id: ANA.id }, actorName: ANA.name, subject: null, details: {}, ...event });

const sentence = (action: string, event?: Partial<Event>) => {
  const { who, what } = told(action, event);
  return `${who} ${what}`;
};

const system = { actor: null, actorName: 'system' };
const byMax = { actor: { id: MAX.id }, actorName: MAX.name, subject: MAX };

test('the system is called Curfew', () => {
  expect(
    sentence('account.created', { ...system, details: { name: 'Northwind', owner_email: 'a@b.c' } }),
  ).toBe('Curfew created the account Northwind');
  expect(sentence('user.password_reset_requested', { ...system, subject: MAX })).toBe(
    'Curfew made a link for a new password for Max Member',
  );
});

test('everyone signed out, with the count and whether the owner was among them', () => {
  const bulk = (scope: string, revoked_count: number) =>
    sentence('account.sessions_revoked_bulk', { details: { scope, revoked_count } });
  expect(bulk('others', 12)).toBe('Ana Owner signed out everyone but themselves: 12 sessions');
  expect(bulk('all', 1)).toBe('Ana Owner signed out everyone including themselves: 1 session');
  expect(bulk('others', 0)).toBe('Ana Owner signed out everyone but themselves: no session was left to end');
});

test('a sign-in names the application', () => {
  const started = (app_type: string) => sentence('session.started', { ...byMax, details: { app_type } });
  expect(started('CONTROL_PANEL')).toBe('Max Member signed in to the control panel');
  expect(started('TENANT_APP')).toBe('Max Member signed in to an application');
  expect(
    sentence('session.started', {
      actor: null,
      actorName: 'Booking desk',
      subject: MAX,
      details: { app_type: 'TENANT_APP' },
    }),
  ).toBe('Booking desk signed Max Member in to an application');
});

test('the end of a session says who ended whose', () => {
  const ended = (reason: string, event: Partial<Event> = byMax) =>
    told('session.ended', { ...event, details: { reason } });
  expect(ended('LOGOUT')).toMatchObject({ who: 'Max Member', what: 'signed out' });
  expect(ended('REVOKED_BY_USER').what).toBe('signed out one of their sessions from another');
  expect(ended('REVOKED_BY_OWNER', { subject: MAX })).toMatchObject({
    who: 'Ana Owner',
    what: 'signed Max Member out of one session',
  });
  expect(ended('REVOKED_BY_SERVICE', { actor: null, actorName: 'Booking desk', subject: MAX })).toMatchObject(
    { who: 'Booking desk', what: 'signed Max Member out of one session' },
  );
  expect(ended('PASSWORD_CHANGED')).toMatchObject({
    what: 'was signed out of one session',
    note: 'The password was changed.',
  });
});

test('what looks like an attack is an alarm', () => {
  expect(told('session.refresh_reuse_detected', byMax)).toMatchObject({
    who: 'Max Member',
    what: 'was signed out because a copied sign-in was used',
    kind: 'alarm',
  });
  expect(told('login.failed', { actor: null, actorName: MAX.email, subject: MAX })).toMatchObject({
    who: 'Somebody',
    what: 'failed to sign in as max@example.test',
    kind: 'alarm',
  });
});

test('one user everywhere: themselves or somebody else', () => {
  const details = { revoked_count: 3 };
  expect(sentence('user.sessions_revoked', { ...byMax, details })).toBe(
    'Max Member signed out everywhere: 3 sessions',
  );
  expect(sentence('user.sessions_revoked', { subject: MAX, details })).toBe(
    'Ana Owner signed Max Member out everywhere: 3 sessions',
  );
});

test('people come, change and go', () => {
  const about = (action: string, details: Record<string, unknown> = {}) =>
    sentence(action, { subject: MAX, details });
  expect(about('user.invited', { email: MAX.email, role: 'MEMBER' })).toBe(
    'Ana Owner invited Max Member (max@example.test) as a member',
  );
  expect(about('user.role_changed', { old: 'MEMBER', new: 'OWNER' })).toBe(
    'Ana Owner changed Max Member from a member to an owner',
  );
  expect(about('user.deactivated', { ended_sessions: 2 })).toBe(
    'Ana Owner deactivated Max Member, which ended 2 sessions',
  );
  expect(about('user.deactivated', { ended_sessions: 0 })).toBe('Ana Owner deactivated Max Member');
  expect(about('user.reactivated')).toBe('Ana Owner let Max Member sign in again');
  expect(about('user.password_reset_requested')).toBe(
    'Ana Owner made a link for a new password for Max Member',
  );
  expect(sentence('user.password_changed', { ...byMax, details: { ended_sessions: 1 } })).toBe(
    'Max Member changed their password, which ended 1 session',
  );
  expect(sentence('user.role_changed', { subject: ANA, details: { old: 'OWNER', new: 'MEMBER' } })).toBe(
    'Ana Owner changed themselves from an owner to a member',
  );
});

test('an action that is not known is shown as it is', () => {
  expect(told('account.renamed', { details: { name: 'Southwind' } })).toEqual({
    who: 'Ana Owner',
    what: 'account.renamed',
    kind: 'other',
    raw: { name: 'Southwind' },
  });
});

test('every action of the filter has a sentence', () => {
  for (const { value } of ACTIONS.flatMap(({ items }) => items)) expect(told(value).raw).toBeUndefined();
});

test('details that an older version wrote otherwise do no harm', () => {
  for (const { value } of ACTIONS.flatMap(({ items }) => items)) {
    const { who, what } = told(value, { actor: null, actorName: 'system', subject: null });
    expect(`${who} ${what}`).not.toMatch(/undefined|null|\[object/);
  }
});
