import { setTimeout as pause } from 'node:timers/promises';
import { collectLog } from '../../test/log-lines.ts';
import { createMailQueue } from './mail-queue.ts';
import type { Deliver, Envelope } from './smtp-transport.ts';

const mail = (to: string): Envelope => ({
  to,
  subject: 'A subject',
  text: 'https://curfew.example/set-password#token=secret',
  messageId: `<${to}>`,
});
const temporary = () =>
  Object.assign(new Error('Mailbox of a@b.example busy'), { responseCode: 451, response: '' });
const final = () => Object.assign(new Error('No such a@b.example'), { responseCode: 550, response: '' });

function open(deliver: Deliver, options: { maxWaiting?: number; retryDelaysMs?: number[] } = {}) {
  const counts: string[] = [];
  const log = collectLog();
  const queue = createMailQueue({
    deliver,
    logger: log.logger,
    count: (kind, outcome) => void counts.push(`${kind} ${outcome}`),
    retryDelaysMs: [1, 1],
    ...options,
  });
  return { queue, counts, log };
}

test('a failure that may pass is tried again, and then the mail is given up', async () => {
  let attempts = 0;
  const { queue, counts, log } = open(async () => {
    attempts += 1;
    throw temporary();
  });
  queue.add('invitation', mail('a@b.example'));
  while (attempts < 3) await pause(2);
  await queue.stop(60_000);
  expect(counts).toEqual(['invitation delayed', 'invitation delayed', 'invitation failed']);
  expect(log.lines.map(({ status }) => status)).toEqual([451, 451, 451]);
  expect(log.text()).not.toMatch(/secret|a@b/);
});

test('a refusal for good is not tried again', async () => {
  const { queue, counts } = open(async () => {
    throw final();
  });
  queue.add('password_link', mail('a@b.example'));
  await queue.stop(60_000);
  expect(counts).toEqual(['password_link failed']);
});

test('at the end, what waits for another attempt gets a last one at once', async () => {
  let isDown = true;
  const { queue, counts } = open(
    async () => {
      if (isDown) throw temporary();
    },
    { retryDelaysMs: [3_600_000] },
  );
  queue.add('invitation', mail('a@b.example'));
  while (counts.length === 0) await pause(1);
  isDown = false;
  await queue.stop(60_000);
  expect(counts).toEqual(['invitation delayed', 'invitation sent']);
  expect(queue.add('invitation', mail('a@b.example'))).toBe(false);
});

test('mails leave in their order, four at a time, and no more wait than fit', async () => {
  const begun: string[] = [];
  const held = Promise.withResolvers<void>();
  const { queue, counts } = open(
    async ({ to }) => {
      begun.push(to);
      await held.promise;
    },
    { maxWaiting: 6 },
  );
  const taken = [1, 2, 3, 4, 5, 6, 7].map((each) => queue.add('invitation', mail(String(each))));
  expect(taken).toEqual([true, true, true, true, true, true, false]);
  expect(begun).toEqual(['1', '2', '3', '4']);
  held.resolve();
  await queue.stop(60_000);
  expect(begun).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(counts.filter((each) => each.endsWith('dropped'))).toHaveLength(1);
});

test('what is lost at the end is counted and logged, each mail once', async () => {
  const held = Promise.withResolvers<void>();
  const { queue, counts, log } = open(() => held.promise);
  for (const each of ['a@b.example', 'c@d.example', 'e@f.example', 'g@h.example', 'i@j.example'])
    queue.add('invitation', mail(each));
  await queue.stop(10);
  const dropped = Array.from({ length: 5 }, () => 'invitation dropped');
  expect(counts).toEqual(dropped);
  expect(log.lines).toMatchObject([
    { mails: 5, msg: 'mails were not sent before Curfew stopped; these people need a new link' },
  ]);
  expect(log.text()).not.toMatch(/secret|@/);
  held.resolve();
  await pause(5);
  expect(counts).toEqual(dropped);
});
