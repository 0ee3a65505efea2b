import { ACTIONS } from './actions.ts';
import { describe as describeEvent } from './describe.ts';

const ANA = { id: 'ana', name: 'Ana Owner', email: 'ana@example.test' };
const MAX = { id: 'max', name: 'Max Member', email: 'max@example.test' };

type Event = Parameters<typeof describeEvent>[0];

const described = (action: string, event: Partial<Event> = {}) =>
  describeEvent({ action, actor: { id: ANA.id }, actorName: ANA.name, subject: null, details: {}, ...event });

const sentence = (action: string, event?: Partial<Event>) => {
  const { who, what } = described(action, event);
  return `${who} ${what}`;
};

const system = { actor: null, actorName: 'system' };
const byMax = { actor: { id: MAX.id }, actorName: MAX.name, subject: MAX };

test('the system is called Curfew', () => {
  expect(
    sentence('account.created', { ...system, details: { name: 'Northwind', owner_email: 'a@b.c' } }),
  ).toBe('Curfew created the account Northwind');
  expect(sentence('user.password_reset_requested', { ...system, subject: MAX })).toBe(
    'Curfew created a password link for Max Member',
  );
});

test('a bulk sign-out names the count and whether it included the owner', () => {
  const bulk = (scope: string, revoked_count: number) =>
    sentence('account.sessions_revoked_bulk', { details: { scope, revoked_count } });
  expect(bulk('others', 12)).toBe('Ana Owner signed out everyone else: 12 sessions');
  expect(bulk('all', 1)).toBe('Ana Owner signed out everyone including themselves: 1 session');
  expect(bulk('others', 0)).toBe('Ana Owner signed out everyone else: no sessions were left');
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

test('the end of a session names who ended it and whose it was', () => {
  const ended = (reason: string, event: Partial<Event> = byMax) =>
    described('session.ended', { ...event, details: { reason } });
  expect(ended('LOGOUT')).toMatchObject({ who: 'Max Member', what: 'signed out' });
  expect(ended('REVOKED_BY_USER').what).toBe('ended one of their other sessions');
  expect(ended('REVOKED_BY_OWNER', { subject: MAX })).toMatchObject({
    who: 'Ana Owner',
    what: 'signed Max Member out of one session',
  });
  expect(ended('REVOKED_BY_SERVICE', { actor: null, actorName: 'Booking desk', subject: MAX })).toMatchObject(
    { who: 'Booking desk', what: 'signed Max Member out of one session' },
  );
  expect(ended('PASSWORD_CHANGED')).toMatchObject({
    what: 'was signed out of one session',
    note: 'Password changed.',
  });
});

test('a possible attack is an alarm', () => {
  expect(described('session.refresh_reuse_detected', byMax)).toMatchObject({
    who: 'Max Member',
    what: 'was signed out: an old token was used again',
    kind: 'alarm',
  });
  expect(described('login.failed', { actor: null, actorName: MAX.email, subject: MAX })).toMatchObject({
    who: 'Someone',
    what: 'failed to sign in as max@example.test',
    kind: 'alarm',
  });
});

test('a user who is signed out everywhere: by themselves or by an owner', () => {
  const details = { revoked_count: 3 };
  expect(sentence('user.sessions_revoked', { ...byMax, details })).toBe(
    'Max Member signed out everywhere: 3 sessions',
  );
  expect(sentence('user.sessions_revoked', { subject: MAX, details })).toBe(
    'Ana Owner signed Max Member out everywhere: 3 sessions',
  );
});

test('changes to people are described', () => {
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
  expect(about('user.reactivated')).toBe('Ana Owner reactivated Max Member');
  expect(about('user.password_reset_requested')).toBe('Ana Owner created a password link for Max Member');
  expect(sentence('user.password_changed', { ...byMax, details: { ended_sessions: 1 } })).toBe(
    'Max Member changed their password, which ended 1 session',
  );
  expect(sentence('user.role_changed', { subject: ANA, details: { old: 'OWNER', new: 'MEMBER' } })).toBe(
    'Ana Owner changed themselves from an owner to a member',
  );
});

test('a deleted user is called so, as the actor and as the subject', () => {
  const GONE = { id: 'max', name: 'Deleted user', email: '' };
  expect(sentence('user.deleted', { subject: GONE, details: { ended_sessions: 2 } })).toBe(
    'Ana Owner deleted a user, which ended 2 sessions',
  );
  expect(
    sentence('user.deleted', { actor: { id: GONE.id }, actorName: GONE.name, subject: GONE, details: {} }),
  ).toBe('Deleted user deleted themselves');
  expect(sentence('user.invited', { subject: GONE, details: { role: 'MEMBER' } })).toBe(
    'Ana Owner invited Deleted user as a member',
  );
  expect(sentence('user.created', { ...system, subject: GONE })).toBe(
    'Curfew added Deleted user as a member',
  );
  expect(sentence('session.started', { actor: { id: GONE.id }, actorName: GONE.name, subject: GONE })).toBe(
    'Deleted user signed in to the control panel',
  );
  expect(sentence('account.deleted', { ...system, details: { ended_sessions: 3 } })).toBe(
    'Curfew deleted the account, which ended 3 sessions',
  );
});

test('an unknown action is shown unformatted', () => {
  expect(described('account.renamed', { details: { name: 'Southwind' } })).toEqual({
    who: 'Ana Owner',
    what: 'account.renamed',
    kind: 'other',
    raw: { name: 'Southwind' },
  });
});

test('every action of the filter has a sentence', () => {
  for (const { value } of ACTIONS.flatMap(({ items }) => items)) expect(described(value).raw).toBeUndefined();
});

test('details in the format of an older version do no harm', () => {
  for (const { value } of ACTIONS.flatMap(({ items }) => items)) {
    const { who, what } = described(value, { actor: null, actorName: 'system', subject: null });
    expect(`${who} ${what}`).not.toMatch(/undefined|null|\[object/);
  }
});
