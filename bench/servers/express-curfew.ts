import express from 'express';
import { createServer } from 'node:http';
import { connectCurfew, requireSession } from '../../client/src/server/index.ts';
import { listen } from './listen.ts';

// The application of the bench `kit` behind `requireSession`, as in the kit's README. GET /problems lists the kinds of
// problems that the kit has reported.
const problems = new Set<string>();
const curfew = connectCurfew({
  url: process.env.CURFEW_URL!,
  serviceKey: process.env.CURFEW_SERVICE_KEY!,
  onProblem: ({ kind }) => void problems.add(kind),
});
const app = express();
app.get('/me', requireSession(curfew), (request, response) => {
  response.json({ userId: request.curfew!.userId });
});
app.get('/problems', (_, response) => {
  response.json([...problems]);
});
await curfew.following();
listen(createServer(app));
