import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import pg from 'pg';

// express-session with connect-pg-simple, as their pages show it: GET /start opens a session, GET /check asks for it, with
// `rolling`, so that each request moves the end as a touch does.
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
  request.session.userId = 'somebody';
  response.json({ ok: true });
});
app.get('/check', (request, response) => {
  response.status(request.session.userId ? 200 : 401).json({ userId: request.session.userId ?? null });
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  console.log(`listening at http://127.0.0.1:${port}`);
});
process.once('SIGTERM', () => process.exit(0));
