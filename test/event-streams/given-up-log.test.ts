import { sql } from 'kysely';
import { USUAL_DATABASE } from '../databases.ts';
import { startApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { startReceiver } from './receiver.ts';
import { advanceUntil, createStream, PRIVATE } from './stream-calls.ts';

const HOUR = 3_600_000;

test('a stream that gives up many deliveries writes one line an hour, with their number', async () => {
  const log = collectLog();
  const receiver = await startReceiver();
  const app = await startApp({ database: USUAL_DATABASE, env: PRIVATE, logger: log.logger });
  try {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const streamId = (await createStream(owner, { url: receiver.url })).stream.id;
    const member = await account.addUser();
    receiver.answer(400);
    const kysely = app.database.em().getKysely();
    const giveUp = async (count: number): Promise<void> => {
      const before = await countDead();
      for (let index = 0; index < count; index += 1) await member.login();
      await sql`
        update event_deliveries set first_attempt_at = ${new Date(app.clock.now().getTime() - 25 * HOUR)}
        where status = 'PENDING'`.execute(kysely);
      await advanceUntil(app, async () => (await countDead()) === before + count, 'the last attempts');
    };
    const countDead = async (): Promise<number> => {
      const { rows } = await sql`select from event_deliveries where status = 'DEAD'`.execute(kysely);
      return rows.length;
    };
    const lines = () => log.lines.filter(({ msg }) => /were given up/.test(String(msg)));

    await giveUp(4);
    expect(lines()).toEqual([expect.objectContaining({ streamId, givenUp: 1 })]);
    app.clock.advance(HOUR);
    await giveUp(1);
    expect(lines()).toEqual([expect.anything(), expect.objectContaining({ streamId, givenUp: 4 })]);
  } finally {
    await app.close();
    await receiver.close();
  }
});
