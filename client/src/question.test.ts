import { createQuestion } from './question.ts';

/** Questions whose answers the test gives, oldest first. */
function setUp() {
  const answers: (() => void)[] = [];
  const held: boolean[] = [];
  const question = createQuestion({
    env: { setTimeout: () => 1, clearTimeout: () => {} },
    put: () => new Promise((done) => answers.push(done)),
    onHold: (isHeld) => held.push(isHeld),
    onPatienceOver: () => {},
  });
  const settle = () => new Promise((done) => setImmediate(done));
  return { question, answers, held, settle };
}

test('many who ask at once share one question', async () => {
  const { question, answers } = setUp();
  const all = Promise.all([question.ask(), question.ask()]);
  answers[0]!();
  await all;
  expect(answers).toHaveLength(1);
});

test('who comes back asks anew, and is not answered by a question from before', async () => {
  const { question, answers, held, settle } = setUp();
  void question.ask();
  const back = question.askFirst();
  answers[0]!();
  await settle();
  expect(answers).toHaveLength(2);
  answers[1]!();
  await back;
  expect(answers).toHaveLength(2);
  expect(held).toEqual([true, false]);
});
