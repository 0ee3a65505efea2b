import { ACTIONS, actionsOf } from './actions.ts';
import { endOf, startOf, toVariables } from './filters.ts';

test('a day runs from its first moment to the first of the next, on this clock', () => {
  expect(startOf('2026-11-29')).toEqual(new Date(2026, 10, 29));
  expect(endOf('2026-11-29')).toEqual(new Date(2026, 10, 30));
  expect(endOf('2026-12-31')).toEqual(new Date(2027, 0, 1));
  for (const day of ['2026-02-30', '2026-13-01', '0000-00-00']) expect(startOf(day)).toBeNull();
});

test('a group stands for its actions, and an action for itself', () => {
  expect(actionsOf(null)).toBeNull();
  expect(actionsOf('session.ended')).toEqual(['session.ended']);
  for (const { value, items } of ACTIONS) expect(actionsOf(value)).toEqual(items.map((item) => item.value));
});

test('without filters everything is asked for', () => {
  expect(toVariables({ person: null, show: null, from: null, to: null })).toEqual({
    userId: null,
    actions: null,
    from: null,
    to: null,
  });
});
