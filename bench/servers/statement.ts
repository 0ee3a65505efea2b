import { createServer } from 'node:http';
import pg from 'pg';
import { listen } from './listen.ts';

// A bare node:http server that runs the text of STATEMENT for each request. $1 is the request's body.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const statement = { name: 'bench', text: process.env.STATEMENT! };

listen(
  createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      pool.query({ ...statement, values: [body] }).then(
        ({ rows }) => {
          const answer = JSON.stringify(rows[0] ?? null);
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(answer);
        },
        () => response.writeHead(500).end(),
      );
    });
  }),
);
