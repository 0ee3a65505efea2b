import { requireSession, type Curfew } from '@curfew/client/server';
import express, { type Request, type Response, type Router } from 'express';
import type { Notes } from './notes.ts';
import type { People, Person } from './people.ts';
import { readSessionCookie } from './session-cookie.ts';
import { openSession } from './sign-in.ts';

/** Routes that need a live session. */
export function createApi(dependencies: {
  curfew: Curfew;
  curfewUrl: string;
  people: People;
  notes: Notes;
}): Router {
  const { curfew, curfewUrl, people, notes } = dependencies;
  const router = express.Router();

  router.use(
    requireSession(curfew, {
      token: readSessionCookie,
      // Only requests of the user count as activity, not those that the page makes by itself.
      touch: (request) => request.headers['x-background'] === undefined,
    }),
  );

  // A live session of a user unknown to this application.
  router.use((request, response, next) => {
    if (people.byId(request.curfew!.externalId)) return next();
    response.status(401).json({ error: 'UNAUTHENTICATED', reason: 'NOT_FOUND' });
  });
  const personOf = (request: Request): Person => people.byId(request.curfew!.externalId)!;

  router.get('/api/me', (request, response) => {
    response.json({ name: personOf(request).name, curfewUrl });
  });

  router.get('/api/notes', (request, response) => {
    response.json(notes.of(personOf(request).id));
  });

  router.post('/api/notes', (request, response) => {
    const text = String(request.body?.text ?? '').trim();
    if (text === '' || text.length > 500) return void response.status(400).json({ error: 'bad_input' });
    response.status(201).json(notes.add(personOf(request).id, text));
  });

  router.delete('/api/notes/:id', (request, response) => {
    notes.remove(personOf(request).id, request.params.id);
    response.status(204).end();
  });

  router.post('/api/password', async (request, response) => {
    const { current, next } = request.body ?? {};
    const person = await people.identify(personOf(request).email, String(current));
    if (!person) return void response.status(401).json({ error: 'wrong_password' });
    if (String(next).length < 15) return void response.status(400).json({ error: 'bad_input' });
    await people.changePassword(person, String(next));
    // Ends every session of the user, on every device. Then this browser gets a new one.
    await curfew.endUserSessions({ externalId: person.id, reason: 'PASSWORD_CHANGED' });
    if (await openSession(curfew, person, request, response)) response.status(204).end();
  });

  /** Returns a session-scoped token, with which the page follows the expiry of its session at Curfew. */
  router.post('/api/session-access-token', async (request: Request, response: Response) => {
    response.json(await curfew.sessionAccessToken(readSessionCookie(request)));
  });

  return router;
}
