import { createTurns } from './turns.ts';

describe('turns', () => {
  test('every caller gets an iteration of the event loop for itself, in order', async () => {
    const nextTurn = createTurns();
    let iteration = 0;
    const count = (): void => void setImmediate(() => ((iteration += 1), count()));
    const counting = setImmediate(count);
    const begun: [number, number][] = [];
    await Promise.all([1, 2, 3].map(async (n) => (await nextTurn(), begun.push([n, iteration]))));
    await nextTurn();
    clearImmediate(counting);
    expect(begun.map(([n]) => n)).toEqual([1, 2, 3]);
    expect(new Set(begun.map(([, at]) => at)).size).toBe(3);
  });
});
