import { createServer } from 'node:http';
import { VALIDATION } from '../lib/validation-answer.ts';
import { listen } from './listen.ts';

// The maximum throughput of one Node process: it reads the body and answers a constant.
const ANSWER = JSON.stringify({ data: { validateSession: VALIDATION } });

listen(
  createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
      response.end(ANSWER);
    });
  }),
);
