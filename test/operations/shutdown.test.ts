import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { onPostgres } from '../databases.ts';
import { startApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';
import { holdLock, waitForBlockedStatement } from '../row-locks.ts';

// Longer than the last answers need, and shorter than the wait for a client that never ends its request.
const SOON_MS = 3_500;

onPostgres(() => {
  test('shutdown answers running requests and does not wait for idle keep-alive connections', async () => {
    const app = await startApp({ database: 'postgresql' });
    const { owner } = await app.seed.account();
    const agent = new Agent({ keepAlive: true });
    const lock = await holdLock(app.testDatabase.url!, 'select 1 from accounts where id = $1 for update', [
      owner.accountId,
    ]);

    const sent = request(`${app.url}/graphql`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    const input = `{ email: "${owner.email}", password: "${PASSWORD}" }`;
    sent.end(JSON.stringify({ query: `mutation { login(input: ${input}) { user { email } } }` }));
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    await waitForBlockedStatement(app.testDatabase.url!, '"accounts"');

    const closing = app.close();
    await lock.release();
    const [answer] = await answered;
    expect(JSON.parse(await text(answer))).toEqual({ data: { login: { user: { email: owner.email } } } });
    expect(await Promise.race([closing.then(() => 'closed'), setTimeout(SOON_MS, 'still open')])).toBe(
      'closed',
    );
    agent.destroy();
    await closing;
  });
});
