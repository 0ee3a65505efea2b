import { connectCurfew, deviceOf, requireSession, tokenOfCookie } from '@curfew/client/server';
import express from 'express';
import { checkPassword, findUser } from './users.js';

const { CURFEW_URL, CURFEW_SERVICE_KEY, NODE_ENV, PORT = '3000' } = process.env;
const curfew = connectCurfew({ url: CURFEW_URL, serviceKey: CURFEW_SERVICE_KEY });
const options = { httpOnly: true, sameSite: 'strict', secure: NODE_ENV === 'production' };
const tokenOf = (request) => tokenOfCookie(request.headers, 'app_session');
const signedIn = requireSession(curfew, { token: tokenOf });
const app = express().use(express.static('public'), express.json());

app.post('/sign-in', async (request, response) => {
  const user = await checkPassword(request.body);
  if (!user) return response.sendStatus(401);
  const person = { externalId: user.id, email: user.email, name: user.name };
  await curfew.endSession(tokenOf(request));
  const { sessionToken } = await curfew.createSession({ ...person, ...deviceOf(request) });
  response.cookie('app_session', sessionToken, options).sendStatus(204);
});

app.post('/session-access-token', async (request, response) => {
  response.json(await curfew.sessionAccessToken(tokenOf(request)));
});

app.post('/reauthenticate', signedIn, async (request, response) => {
  const { email } = findUser(request.curfew.externalId);
  if (!(await checkPassword({ ...request.body, email }))) return response.sendStatus(401);
  const { sessionToken } = await curfew.reauthenticateSession(tokenOf(request));
  response.cookie('app_session', sessionToken, options);
  response.json(await curfew.sessionAccessToken(sessionToken));
});

app.post('/sign-out', async (request, response) => {
  await curfew.endSession(tokenOf(request));
  if (tokenOf(request)) response.clearCookie('app_session', options);
  response.sendStatus(204);
});

app.get('/account', signedIn, (request, response) => {
  response.json({ name: findUser(request.curfew.externalId).name });
});

app.listen(Number(PORT), '127.0.0.1');
