import { startNotes } from './app.ts';

const { CURFEW_URL, CURFEW_SERVICE_KEY, PORT = '4100' } = process.env;
if (!CURFEW_URL || !CURFEW_SERVICE_KEY) throw new Error('Set CURFEW_URL and CURFEW_SERVICE_KEY.');

const notes = await startNotes({ curfewUrl: CURFEW_URL, serviceKey: CURFEW_SERVICE_KEY, port: Number(PORT) });
process.stdout.write(`Notes is at ${notes.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void notes.close());
