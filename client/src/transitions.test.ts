import { ANA, BEN, createFakeServer } from './fake-server.ts';
import { createServerClock } from './server-clock.ts';
import { createSessionRecord, factsOf } from './session-record.ts';
import { createStoredValue } from './stored-value.ts';
import { createTransitions } from './transitions.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

function setUp() {
  let time = NOON;
  const now = () => time;
  const server = createFakeServer(now);
  const record = createSessionRecord(now, () => {});
  const dismissal = createStoredValue(null, 'dismissed');
  const transitions = createTransitions({ record, clock: createServerClock(now), dismissal });
  return { server, record, transitions, pass: (milliseconds: number) => void (time += milliseconds) };
}

test('a session that is over stays over, whatever a late answer brings', () => {
  const { server, record, transitions } = setUp();
  const grant = server.signIn();
  transitions.accept(grant, 'renewal');
  transitions.end({ kind: 'ended', endReason: 'REVOKED_BY_OWNER' });
  expect(transitions.accept(grant, 'tab')).toBe('ignored');
  transitions.learn(grant.session, NOON + MINUTE);
  expect(record.getState()).toMatchObject({ status: 'over', ending: { endReason: 'REVOKED_BY_OWNER' } });
});

test('a tab that has not heard of the newer sign-in does not bring the older session back', () => {
  const { server, record, transitions, pass } = setUp();
  const older = server.signIn();
  pass(MINUTE);
  const newer = server.signIn();
  transitions.accept(newer, 'sign-in');
  expect(transitions.accept(older, 'tab')).toBe('ignored');
  expect(record.getState().session!.id).toBe(newer.session.id);
});

test('an older answer does not undo a newer one, and its token does not replace a longer one', () => {
  const { server, record, transitions, pass } = setUp();
  const grant = server.signIn();
  transitions.accept(grant, 'renewal');
  pass(2 * MINUTE);
  server.touch(grant.session.id);
  const touched = {
    ...factsOf(record.getState().session!),
    lastActivityAt: new Date(NOON + 2 * MINUTE).toISOString(),
  };
  transitions.learn(touched, NOON + 2 * MINUTE);
  transitions.learn(grant.session, NOON + MINUTE);
  transitions.accept({ ...grant, accessTokenExpiresAt: new Date(NOON + MINUTE).toISOString() }, 'tab');
  expect(record.getState().session!.lastActivityAt).toBe(NOON + 2 * MINUTE);
  expect(record.facts.token!.expiresAt).toBe(NOON + 5 * MINUTE);
});

test("another user's session is taken from the application's own sign-in only", () => {
  const { server, record, transitions } = setUp();
  transitions.accept(server.signIn(ANA), 'renewal');
  const grant = server.signIn(BEN);
  expect(transitions.accept(grant, 'renewal')).toBe('other-user');
  expect(transitions.accept(grant, 'tab')).toBe('other-user');
  expect(record.getState().user).toEqual(ANA);
  expect(transitions.accept(grant, 'sign-in')).toBe('begun');
  expect(record.getState().user).toEqual(BEN);
});
