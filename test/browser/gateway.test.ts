import { once } from 'node:events';
import { createServer } from 'node:http';
import { findFreePort } from '../../server/http/free-port.ts';
import { PASSWORD } from '../seed.ts';
import { hasNginx, startNginx, type Nginx } from '../service-api/nginx.ts';
import { openStories } from './stories.ts';

// An application behind the guide's nginx. Its scripts must not reach its users' sessions at Curfew.

const PAGE =
  '<!doctype html><html lang="en"><title>Orders</title><link rel="icon" href="data:,"><h1>Orders</h1></html>';
const [curfew, application, front, curfewFront] = [
  await findFreePort(),
  await findFreePort(),
  await findFreePort(),
  await findFreePort(),
];

const stories = openStories({
  env: { PORT: String(curfew), PUBLIC_URL: `http://127.0.0.1:${curfewFront}`, TRUST_PROXY: '1' },
});
const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
let nginx: Nginx;

const describeNginx = hasNginx ? describe : describe.skip;

describeNginx('behind nginx (left out where nginx is not installed)', () => {
  beforeAll(async () => {
    server.listen(application, '127.0.0.1');
    await once(server, 'listening');
    nginx = await startNginx({ application: front, curfew: curfewFront }, { curfew, application });
  });
  afterAll(async () => {
    await nginx.stop();
    server.closeAllConnections();
    server.close();
  });

  test('a user signs in at Curfew and is back in the application, whose script hears no tab and has no token', async () => {
    const { owner } = await stories.app.seed.account();
    const { page } = await stories.newPage();
    stories.mayLog(/CORS policy|net::ERR_FAILED|WebSocket connection to/);
    await page.goto(`${nginx.url}/orders/1`);
    expect(new URL(page.url()).origin).toBe(nginx.curfewUrl);
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${nginx.url}/orders/1`);
    await page.getByRole('heading', { name: 'Orders' }).waitFor();

    await page.evaluate((url) => {
      const heard: unknown[] = [];
      Object.assign(globalThis, { heard });
      for (const name of [`curfew:${url}/graphql`, `curfew:${location.origin}/graphql`])
        new BroadcastChannel(name).onmessage = ({ data }) => heard.push(data);
    }, nginx.curfewUrl);
    const dashboard = await page.context().newPage();
    await dashboard.goto(`${nginx.curfewUrl}/account`);
    await dashboard.getByRole('heading', { level: 1 }).waitFor();
    const another = await page.context().newPage();
    await another.goto(`${nginx.curfewUrl}/account`);
    await another.getByRole('heading', { level: 1 }).waitFor();

    const reached = await page.evaluate(async (url) => {
      const body = JSON.stringify({ query: 'mutation { refreshSession { accessToken } }' });
      const ask = (contentType: string, to: string) =>
        fetch(`${to}/graphql`, {
          method: 'POST',
          credentials: 'include',
          headers: { 'content-type': contentType },
          body,
        }).then(
          async (answer) => `read ${await answer.text()}`,
          () => 'nothing',
        );
      const read = [await ask('application/json', url), await ask('text/plain', url)];
      return { read, own: await ask('application/json', ''), heard: (globalThis as any).heard };
    }, nginx.curfewUrl);
    expect(reached).toMatchObject({ read: ['nothing', 'nothing'], heard: [] });
    // Curfew is not on the application's origin: this is the response of the application's server.
    expect(reached.own).toBe(`read ${PAGE}`);

    await dashboard.reload();
    await dashboard.getByRole('heading', { level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
  });
});
