import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import express from 'express';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { listen } from './listen.ts';

// better-auth as documented for Express and PostgreSQL: GET /start?user=NAME signs a user up, GET /me reads the session.
// COOKIE_CACHE=true: the session is also in a signed cookie, from which it is read without the database.

// Only sign-ups hash, and they are not measured.
const hash = (password: string): string => createHash('sha256').update(password).digest('hex');

const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: randomBytes(32).toString('hex'),
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 }),
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password) => hash(password),
      verify: async (given) => given.hash === hash(given.password),
    },
  },
  // The cookies outlive the bench; the default of five minutes would not.
  session: { cookieCache: { enabled: process.env.COOKIE_CACHE === 'true', maxAge: 86_400 } },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const app = express();
app.get('/start', async (request, response) => {
  const name = String(request.query.user);
  const { headers, response: signedUp } = await auth.api.signUpEmail({
    body: { name, email: `${name}@example.test`, password: randomBytes(16).toString('hex') },
    returnHeaders: true,
  });
  response.setHeader('set-cookie', headers.getSetCookie()).json({ userId: signedUp.user.id });
});
app.get('/me', async (request, response) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  response.status(session ? 200 : 401).json({ userId: session?.user.id ?? null });
});
listen(createServer(app));
