import { createGraphQLCalls } from './graphql-calls.ts';
import type { HttpCalls } from './http-calls.ts';
import { introspect } from './introspection.ts';

const answering = (body: unknown): HttpCalls => ({
  get: async () => ({ status: 200, body }),
  post: async () => ({ status: 200, body }),
  close: () => {},
});

test.each([
  null,
  'text',
  [],
  {},
  { data: null },
  { data: [] },
  { data: { endSession: null } },
  { errors: {} },
  { errors: [null] },
])('a body of %j with status 200 is no answer', async (body) => {
  const http = answering(body);
  await expect(createGraphQLCalls(http).call('', {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(introspect(http, 'token')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
