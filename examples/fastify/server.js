import { connectCurfew, deviceOf } from '@curfew/client/server';
import { requireSession } from '@curfew/client/server/fastify';
import cookies from '@fastify/cookie';
import files from '@fastify/static';
import Fastify from 'fastify';
import { checkPassword, findUser } from './users.js';

const { CURFEW_URL, CURFEW_SERVICE_KEY, NODE_ENV, PORT = '3000' } = process.env;
const curfew = connectCurfew({ url: CURFEW_URL, serviceKey: CURFEW_SERVICE_KEY });
const options = { httpOnly: true, sameSite: 'strict', secure: NODE_ENV === 'production', path: '/' };
const signedIn = { onRequest: requireSession(curfew, { token: { cookie: 'app_session' } }) };
const app = Fastify();
app.register(cookies).register(files, { root: `${import.meta.dirname}/public` });

app.post('/sign-in', async (request, reply) => {
  const user = await checkPassword(request.body);
  if (!user) return reply.code(401).send();
  const person = { externalId: user.id, email: user.email, name: user.name };
  await curfew.endSession(request.cookies.app_session);
  const { sessionToken } = await curfew.createSession({ ...person, ...deviceOf(request) });
  return reply.setCookie('app_session', sessionToken, options).code(204).send();
});

app.post('/session-access-token', async (request, reply) => {
  const token = await curfew.sessionAccessToken(request.cookies.app_session);
  return reply.type('application/json').send(JSON.stringify(token));
});

app.post('/reauthenticate', signedIn, async (request, reply) => {
  const { email } = findUser(request.curfew.externalId);
  if (!(await checkPassword({ ...request.body, email }))) return reply.code(401).send();
  const { sessionToken } = await curfew.reauthenticateSession(request.cookies.app_session);
  reply.setCookie('app_session', sessionToken, options);
  return curfew.sessionAccessToken(sessionToken);
});

app.post('/sign-out', async (request, reply) => {
  await curfew.endSession(request.cookies.app_session);
  if (request.cookies.app_session) reply.clearCookie('app_session', options);
  return reply.code(204).send();
});

app.get('/account', signedIn, (request) => ({ name: findUser(request.curfew.externalId).name }));

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
