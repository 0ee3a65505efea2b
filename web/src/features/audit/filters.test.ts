import { ACTIONS, actionsOf } from './actions.ts';
import { toVariables } from './filters.ts';

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
