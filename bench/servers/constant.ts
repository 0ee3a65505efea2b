import { createServer } from 'node:http';
import { listen } from './listen.ts';

// The most that one process of Node answers: the body is read, the answer is the same each time.
const ANSWER = JSON.stringify({ data: { validateSession: { valid: true, secondsRemaining: 86_399 } } });

listen(
  createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
      response.end(ANSWER);
    });
  }),
);
