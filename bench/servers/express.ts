import express from 'express';
import { createServer } from 'node:http';
import { CONSTANT_USER } from '../lib/validation-answer.ts';
import { listen } from './listen.ts';

// The application of the bench `kit` without sessions.
const app = express();
app.get('/me', (_, response) => {
  response.json({ userId: CONSTANT_USER });
});
listen(createServer(app));
