import fc from 'fast-check';
import { seedsOf, sized, timeLimit } from '../size.ts';
import { TARGETS } from './targets.ts';

// A reader of outside text either understands it or refuses it: it never throws an unforeseen error and never takes
// long.
// Texts are the corpus cut, doubled, mixed and sprinkled with odd characters; one that breaks a target joins its
// corpus.

const RUNS = sized(1_000, 200_000);
/** CPU time of this thread, for texts of up to 100 KB, the limit of a body. */
const MAX_PARSE_MS = 50;

const ODD_CHARACTERS = [
  '\0',
  '\ud800',
  '\n',
  '\r',
  '"',
  "'",
  ',',
  ';',
  '%',
  '.',
  '=',
  ' ',
  '\\',
  '/',
  ':',
  '@',
  '[',
  ']',
  '{',
  '}',
  '\u212a',
  '😀',
  '0',
  '9',
  'e',
];

type Change =
  | { kind: 'cut'; from: number; length: number }
  | { kind: 'insert'; at: number; text: string }
  | { kind: 'repeat'; from: number; length: number; times: number }
  | { kind: 'append'; text: string };

const share = fc.double({ min: 0, max: 1, noNaN: true });

const changeOf = (corpus: readonly string[]): fc.Arbitrary<Change> =>
  fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), from: share, length: share }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: share,
      text: fc.oneof(
        fc.constantFrom(...ODD_CHARACTERS),
        fc.string({ unit: 'binary', maxLength: 5 }),
        fc.constantFrom(...corpus),
      ),
    }),
    fc.record({
      kind: fc.constant('repeat' as const),
      from: share,
      length: share,
      times: fc.integer({ min: 2, max: 400 }),
    }),
    fc.record({ kind: fc.constant('append' as const), text: fc.constantFrom(...corpus, ...ODD_CHARACTERS) }),
  );

const MAX_LENGTH = 100_000;

function change(text: string, step: Change): string {
  const at = (portion: number): number => Math.floor(portion * text.length);
  switch (step.kind) {
    case 'cut':
      return text.slice(0, at(step.from)) + text.slice(at(step.from) + at(step.length));
    case 'insert':
      return text.slice(0, at(step.at)) + step.text + text.slice(at(step.at));
    case 'repeat': {
      const part = text.slice(at(step.from), at(step.from) + 1 + at(step.length / 4));
      return text.slice(0, at(step.from)) + part.repeat(step.times) + text.slice(at(step.from));
    }
    case 'append':
      return text + step.text;
    default:
      return step satisfies never;
  }
}

function textFrom(corpus: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...corpus), fc.array(changeOf(corpus), { maxLength: 4 }))
    .map(([seed, steps]) => steps.reduce(change, seed).slice(0, MAX_LENGTH));
}

function workedMs(work: () => unknown): { ms: number; result: unknown } {
  const before = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(before);
  return { ms: (user + system) / 1000, result };
}

describe.each(Object.entries(TARGETS))('%s', (_, { read, corpus }) => {
  test('the kept corpus does not break it', async () => {
    for (const text of corpus) await read(text);
  });

  test(
    'no text breaks it or blocks it',
    async () => {
      for (const seed of seedsOf([1]))
        await fc.assert(
          fc.asyncProperty(textFrom(corpus), async (text) => {
            const first = workedMs(() => read(text));
            await first.result;
            // A garbage collection may fall into one call, not into three.
            const again = [
              first.ms,
              ...(first.ms > MAX_PARSE_MS ? [1, 2].map(() => workedMs(() => read(text)).ms) : []),
            ];
            expect(Math.min(...again)).toBeLessThan(MAX_PARSE_MS);
          }),
          { numRuns: RUNS, seed },
        );
    },
    timeLimit,
  );
});
