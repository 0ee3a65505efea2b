import { createFakeServer } from '../testing/fake-server.ts';
import type { Effect } from './effects.ts';
import type { Occurrence } from './events.ts';
import { reduce } from './reducer.ts';
import { initialState } from './state.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;

/** Checks whose answers the test gives, oldest first. */
function setUp() {
  let at = NOON;
  const tokens = createFakeServer(() => NOON).signIn();
  let state = initialState({
    isRotating: true,
    hasApplicationSignOut: false,
    reauthenticatesAt: 'curfew',
  });
  const effects: Effect[] = [];
  const dispatch = (occurrence: Occurrence) => {
    const result = reduce(state, { ...occurrence, at, isVisible: true });
    state = result.state;
    effects.push(...result.effects);
  };
  const of = <T extends Effect['type']>(type: T) =>
    effects.filter((effect): effect is Effect & { type: T } => effect.type === type);
  dispatch({ type: 'sign-in', tokens, dismissal: null });
  at += MINUTE;
  return {
    dispatch,
    pass: (milliseconds: number) => void (at += milliseconds),
    asked: () => of('read-session'),
    resolved: () => of('resolve').map(({ call }) => call),
    isHeld: () => state.isHeld,
    answer(index: number) {
      const { id } = of('read-session')[index]!;
      const serverTime = new Date(at).toISOString();
      dispatch({ type: 'session-read', id, session: tokens.session, serverTime, sentAt: at, receivedAt: at });
    },
  };
}

test('many who ask at once share one check', () => {
  const { dispatch, asked, answer, resolved } = setUp();
  dispatch({ type: 'check-requested', call: 1 });
  dispatch({ type: 'check-requested', call: 2 });
  answer(0);
  expect(resolved()).toEqual([1, 2]);
  expect(asked()).toHaveLength(1);
});

test('a page that returns checks again, and is not answered by a check from before', () => {
  const { dispatch, pass, asked, answer, isHeld } = setUp();
  dispatch({ type: 'check-requested', call: 1 });
  pass(10);
  dispatch({ type: 'page-returned' });
  expect(isHeld()).toBe(true);
  answer(0);
  expect(asked()).toHaveLength(2);
  expect(isHeld()).toBe(true);
  answer(1);
  expect(asked()).toHaveLength(2);
  expect(isHeld()).toBe(false);
});
