import { auditServer } from 'graphql-http';
import { startApp, type TestApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/**
 * Recommendations of GraphQL over HTTP that this server does not follow: status 200 for documents that do not parse
 * or validate and for variables of the wrong type, to callers who accept application/json.
 */
test('keeps every MUST of GraphQL over HTTP', async () => {
  const results = await auditServer({ url: `${app.url}/graphql` });
  const failing = results.filter(({ status }) => status === 'error').map(({ id, name }) => `${id} ${name}`);
  expect(failing).toEqual([]);
  const warned = results.filter(({ status }) => status === 'warn').map(({ id, name }) => `${id} ${name}`);
  expect(warned.filter((name) => !/SHOULD|MAY/.test(name))).toEqual([]);
});
