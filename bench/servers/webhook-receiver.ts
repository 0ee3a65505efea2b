import { createServer } from 'node:http';
import { listen } from './listen.ts';

// A receiver of webhooks that takes everything, and says how many different ones it has.
const seen = new Set<string>();
let repeats = 0;

listen(
  createServer((request, response) => {
    if (request.method === 'GET') {
      response.end(JSON.stringify({ count: seen.size, repeats }));
      return;
    }
    request.resume().on('end', () => {
      const id = String(request.headers['webhook-id']);
      if (seen.has(id)) repeats += 1;
      seen.add(id);
      response.writeHead(204).end();
    });
  }),
);
