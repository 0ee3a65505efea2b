import jwt from 'jsonwebtoken';
import { createSecretKey } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { rotate } from '../lib/statements.ts';
import { listen } from './listen.ts';

// A minimal refresh: a bare node:http server that checks the HS256 token in the body, runs one statement and signs the
// next token.
const key = createSecretKey(process.env.REFRESH_TOKEN_SECRET!, 'utf8');
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const statement = { name: 'rotate', text: rotate('$1', '$2', '$3::timestamptz') };

async function refresh(token: string): Promise<string> {
  const claims = jwt.verify(token, key, { algorithms: ['HS256'], ignoreExpiration: true }) as jwt.JwtPayload;
  const { rows } = await pool.query({ ...statement, values: [claims.sid, claims.gen, new Date()] });
  const [row] = rows as { generation: number; rotated_at: Date; token_expires_at: Date }[];
  if (!row) throw new Error('nothing to rotate');
  const inSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);
  const next = {
    ...claims,
    gen: row.generation,
    iat: inSeconds(row.rotated_at),
    exp: inSeconds(row.token_expires_at),
  };
  return jwt.sign(next, key, { algorithm: 'HS256' });
}

listen(
  createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      refresh(body).then(
        (refreshToken) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ refreshToken }));
        },
        () => response.writeHead(500).end(),
      );
    });
  }),
);
