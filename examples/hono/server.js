import { connectCurfew, deviceOf } from '@curfew/client/server';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { checkPassword, findUser } from './users.js';

const curfew = connectCurfew({ url: process.env.CURFEW_URL, serviceKey: process.env.CURFEW_SERVICE_KEY });
const options = { httpOnly: true, sameSite: 'Strict', secure: process.env.NODE_ENV === 'production' };
const tokenOf = (c) => getCookie(c, 'app_session');
const app = new Hono().use(csrf(), serveStatic({ root: 'public' }));

async function signedIn(c, next) {
  const { state, session } = await curfew.check(tokenOf(c));
  c.set('user', findUser(session?.externalId));
  return state === 'live' ? next() : c.body(null, state === 'refused' ? 401 : 503);
}

app.post('/sign-in', async (c) => {
  const user = await checkPassword(await c.req.json());
  if (!user) return c.body(null, 401);
  const person = { externalId: user.id, email: user.email, name: user.name };
  const device = deviceOf(c.req.raw, { proxies: Number(process.env.PROXIES ?? 0) });
  await curfew.endSession(tokenOf(c));
  const { sessionToken } = await curfew.createSession({ ...person, ...device });
  setCookie(c, 'app_session', sessionToken, options);
  return c.body(null, 204);
});

app.post('/session-access-token', async (c) => c.json(await curfew.sessionAccessToken(tokenOf(c))));

app.post('/reauthenticate', signedIn, async (c) => {
  if (!(await checkPassword({ ...(await c.req.json()), email: c.var.user.email }))) return c.body(null, 401);
  const { sessionToken } = await curfew.reauthenticateSession(tokenOf(c));
  setCookie(c, 'app_session', sessionToken, options);
  return c.json(await curfew.sessionAccessToken(sessionToken));
});

app.post('/sign-out', async (c) => {
  await curfew.endSession(tokenOf(c));
  if (tokenOf(c)) deleteCookie(c, 'app_session', options);
  return c.body(null, 204);
});

app.get('/account', signedIn, (c) => c.json({ name: c.get('user').name }));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' });
