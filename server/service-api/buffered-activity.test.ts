import { mergeActivity, type BufferedActivity } from './buffered-activity.ts';

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 12, 0, second));
const activity = (firstAt: number, lastAt: number, mustPublish: boolean): BufferedActivity => ({
  accountId: 'account',
  firstAt: at(firstAt),
  lastAt: at(lastAt),
  mustPublish,
});

test.each([
  ['one after the other', activity(1, 2, false), activity(3, 4, false), activity(1, 4, false)],
  ['one inside the other', activity(1, 4, false), activity(2, 3, false), activity(1, 4, false)],
  ['only one has to be published', activity(1, 1, true), activity(2, 2, false), activity(1, 2, true)],
])('merged activity runs from the first to the last time, in either order: %s', (_, one, other, both) => {
  expect(mergeActivity(one, other)).toEqual(both);
  expect(mergeActivity(other, one)).toEqual(both);
});

test('activity merged with none is unchanged', () => {
  expect(mergeActivity(activity(1, 2, true), undefined)).toEqual(activity(1, 2, true));
});
