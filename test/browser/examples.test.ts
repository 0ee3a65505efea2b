import { readFileSync } from 'node:fs';
import { buildSchema, Kind, parse, validate } from 'graphql';
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

/** Root fields without a tab, and where they are instead. */
const ELSEWHERE: Record<string, string> = {
  refreshSession: 'the Refresh button below',
  startOAuthLogin: 'needs a browser at the provider',
  completeOAuthLogin: 'needs what the provider answered',
  sessionPolicyPresets: 'constant; the dashboard shows them',
  // The deprecated name.
  // eslint-disable-next-line curfew/retired-words
  sessionEndings: 'the former name of sessionExpiryForecast',
  deleteAccount: 'one click too near to the others',
  validateSessions: 'like validateSession, for many',
};

test('every operation has a tab, or a reason to have none', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const shown = examples.flatMap(({ query }) =>
    parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? definition.selectionSet.selections.map((each) => (each.kind === Kind.FIELD ? each.name.value : ''))
        : [],
    ),
  );
  const all = roots.flatMap((type) => Object.keys(type!.getFields()));
  expect(all.filter((field) => !shown.includes(field)).toSorted()).toEqual(Object.keys(ELSEWHERE).toSorted());
});

test('no two tabs have one name', () => {
  const names = examples.map(({ query }) => /(?:query|mutation|subscription) (\w+)/.exec(query)?.[1]);
  expect(new Set(names).size).toBe(names.length);
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
