import { sql } from 'kysely';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { onPostgres } from '../databases.ts';
import { startApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';

// Longer than the last answers take, and shorter than a client that never ends its request is waited for.
const SOON_MS = 3_500;

onPostgres(() => {
  test('what is under way is answered, and the connection that its client keeps does not hold up the end', async () => {
    const app = await startApp({ database: 'postgresql' });
    const { owner } = await app.seed.account();
    const agent = new Agent({ keepAlive: true });
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const holding = app.database.transaction(async (em) => {
      await sql`select 1 from accounts where id = ${owner.accountId} for update`.execute(em.getKysely());
      await held;
    });

    const sent = request(`${app.url}/graphql`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    const input = `{ email: "${owner.email}", password: "${PASSWORD}" }`;
    sent.end(JSON.stringify({ query: `mutation { login(input: ${input}) { user { email } } }` }));
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    while (!(await isSomebodyWaiting(app))) await setTimeout(20);

    const closing = app.close();
    letGo();
    await holding;
    const [answer] = await answered;
    expect(JSON.parse(await text(answer))).toEqual({ data: { login: { user: { email: owner.email } } } });
    expect(await Promise.race([closing.then(() => 'closed'), setTimeout(SOON_MS, 'still open')])).toBe(
      'closed',
    );
    agent.destroy();
    await closing;
  });
});

async function isSomebodyWaiting({ database }: Awaited<ReturnType<typeof startApp>>): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    database.em().getKysely(),
  );
  return rows.length > 0;
}
