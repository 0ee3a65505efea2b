import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { examples } from '../../web/src/graphiql/examples.ts';
import { startApp } from '../harness.ts';
import { dataOf } from '../policy/policy-calls.ts';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

test.each(
  examples.map((example) => [/(?:query|mutation|subscription) (\w+)/.exec(example.query)?.[1], example]),
)('the example %s is valid against the schema', (_name, example) => {
  expect(validate(schema, parse(example.query)).map((error) => error.message)).toEqual([]);
  for (const part of [example.variables, example.headers])
    expect(() => JSON.parse(part ?? '{}')).not.toThrow();
});

test('the examples for a back end work unchanged with a service key', async () => {
  const app = await startApp();
  try {
    const { id } = await app.seed.account();
    const { key } = await app.seed.serviceKey(id);
    const run = async (name: string, change: (input: Record<string, unknown>) => void = () => {}) => {
      const { query, variables, headers } = examples.find((example) => example.query.includes(name))!;
      expect(JSON.parse(headers!)).toEqual({ Authorization: 'Bearer SERVICE_KEY' });
      const { input } = JSON.parse(variables!);
      change(input);
      return dataOf(await app.gql(query, { input }, { token: key }));
    };
    const { createSession } = await run('mutation CreateSession');
    expect(createSession.session.user.name).toBe('Kim Customer');
    const { sessionToken } = createSession;
    const { validateSession } = await run('mutation ValidateSession', (input) =>
      Object.assign(input, { sessionToken }),
    );
    expect(validateSession).toMatchObject({ valid: true, reason: null, warning: false });
  } finally {
    await app.close();
  }
});
