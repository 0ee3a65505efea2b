import { CurfewError, type Curfew } from '@curfew/client/server';
import express, { type Request, type Response, type Router } from 'express';
import type { People, Person } from './people.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

/** Routes to sign in and out, open to all. The application checks the password; Curfew keeps the session. */
export function createSignIn({ curfew, people }: { curfew: Curfew; people: People }): Router {
  const router = express.Router();

  router.post('/api/sign-in', async (request, response) => {
    const { email, password } = request.body ?? {};
    const person = await people.identify(String(email), String(password));
    if (!person) return void response.status(401).json({ error: 'wrong_password' });
    const before = readSessionCookie(request);
    // A new sign-in ends the former session of this browser: first, so that it does not count where sessions are limited.
    await curfew.endSession(before);
    if (await openSession(curfew, person, request, response)) response.status(204).end();
  });

  router.post('/api/sign-out', async (request, response) => {
    const sessionToken = readSessionCookie(request);
    if (sessionToken !== undefined) await curfew.endSession(sessionToken);
    // Only after Curfew has ended the session: on failure the user stays signed in.
    clearSessionCookie(response);
    response.status(204).end();
  });

  return router;
}

/** Creates a session at Curfew for the browser. False when it was refused; the response is then sent. */
export async function openSession(
  curfew: Curfew,
  person: Person,
  request: Request,
  response: Response,
): Promise<boolean> {
  try {
    const { sessionToken } = await curfew.createSession({
      externalId: person.id,
      email: person.email,
      name: person.name,
      ipAddress: request.ip,
      userAgent: request.get('user-agent'),
    });
    setSessionCookie(response, sessionToken);
    return true;
  } catch (error) {
    // An owner has deactivated the user in Curfew.
    const isInactive = error instanceof CurfewError && error.details.reason === 'USER_INACTIVE';
    if (!isInactive) throw error;
    response.status(403).json({ error: 'inactive' });
    return false;
  }
}
