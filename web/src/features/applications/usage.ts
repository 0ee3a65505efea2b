/** Three lines for a back end that use a service key. `url` is Curfew's origin. */
export const usageOf = (url: string): string => `import { connectCurfew } from '@curfew/client/server';
const curfew = connectCurfew({ url: '${url}', serviceKey: process.env.CURFEW_SERVICE_KEY });
const { sessionToken } = await curfew.createSession({ externalId: 'user-1', email: 'kim@example.com', name: 'Kim' });`;

/** A command for a receiver of security events with a key of the scope SSF. `url` is Curfew's origin. */
export const streamUsageOf = (url: string): string => `curl -sS -X POST ${url}/ssf/streams \\
  -H "Authorization: Bearer $CURFEW_SERVICE_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"description": "Receiver"}'`;
