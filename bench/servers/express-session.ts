import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import { createServer } from 'node:http';
import pg from 'pg';
import { listen } from './listen.ts';

// express-session with connect-pg-simple as documented: GET /start?user=ID creates a session, GET /me reads it. `rolling`
// moves the deadline with each request, as a touch does.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const Store = connectPgSimple(session);
const app = express();
app.use(
  session({
    store: new Store({ pool, createTableIfMissing: true }),
    secret: 'bench only',
    resave: false,
    rolling: true,
    saveUninitialized: false,
    cookie: { maxAge: 86_400_000 },
  }),
);
declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}
app.get('/start', (request, response) => {
  request.session.userId = String(request.query.user);
  response.json({ userId: request.session.userId });
});
app.get('/me', (request, response) => {
  response.status(request.session.userId ? 200 : 401).json({ userId: request.session.userId ?? null });
});
listen(createServer(app));
