import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { examples } from '../../web/src/graphiql/examples.ts';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

test.each(
  examples.map((example) => [/(?:query|mutation|subscription) (\w+)/.exec(example.query)?.[1], example]),
)('the example %s is valid against the schema', (_name, example) => {
  expect(validate(schema, parse(example.query)).map((error) => error.message)).toEqual([]);
  expect(() => JSON.parse(example.variables ?? '{}')).not.toThrow();
});
