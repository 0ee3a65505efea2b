import { factsOf } from '../testing/facts-of.ts';
import { ANA, BEN, createFakeServer } from '../testing/fake-server.ts';
import { acceptTokens, forgetSession, learnEnd, learnSession } from './knowledge.ts';
import { initialState } from './state.ts';
import type { Step } from './step.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

function setUp() {
  let time = NOON;
  const server = createFakeServer(() => time);
  const state = initialState({
    isRotating: true,
    hasApplicationSignOut: false,
    reauthenticatesAt: 'curfew',
  });
  const step: Step = { state, at: NOON, isVisible: true, effects: [], followUps: [] };
  return { server, step, pass: (milliseconds: number) => void (time += milliseconds) };
}

test('a late answer does not revive a session that is over', () => {
  const { server, step } = setUp();
  const tokens = server.signIn();
  acceptTokens(step, tokens, 'refresh');
  learnEnd(step, { kind: 'ended', endReason: 'REVOKED_BY_OWNER' });
  expect(acceptTokens(step, tokens, 'refresh')).toBe('ignored');
  learnSession(step, tokens.session, NOON + MINUTE);
  expect(step.state).toMatchObject({ status: 'over', ending: { endReason: 'REVOKED_BY_OWNER' } });
});

test('an older answer does not undo a newer one, and its token does not replace a longer one', () => {
  const { server, step, pass } = setUp();
  const tokens = server.signIn();
  acceptTokens(step, tokens, 'refresh');
  pass(2 * MINUTE);
  server.touch(tokens.session.id);
  const touched = {
    ...factsOf(step.state.session!),
    lastActivityAt: new Date(NOON + 2 * MINUTE).toISOString(),
  };
  learnSession(step, touched, NOON + 2 * MINUTE);
  learnSession(step, tokens.session, NOON + MINUTE);
  acceptTokens(step, { ...tokens, accessTokenExpiresAt: new Date(NOON + MINUTE).toISOString() }, 'refresh');
  expect(step.state.session!.lastActivityAt).toBe(NOON + 2 * MINUTE);
  expect(step.state.token!.expiresAt).toBe(NOON + 5 * MINUTE);
});

test("another user's session is taken from the application's own sign-in only", () => {
  const { server, step } = setUp();
  acceptTokens(step, server.signIn(ANA), 'refresh');
  const tokens = server.signIn(BEN);
  expect(acceptTokens(step, tokens, 'refresh')).toBe('other-user');
  forgetSession(step, { keepsUser: true });
  expect(acceptTokens(step, tokens, 'refresh')).toBe('other-user');
  expect(step.state.user).toEqual(ANA);
  expect(acceptTokens(step, tokens, 'sign-in')).toBe('begun');
  expect(step.state.user).toEqual(BEN);
});
