import { buildSchema, Kind, parse, validate, type GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { AppError } from '../errors.ts';
import { redactValues } from './message-redaction.ts';
import { findVariableErrors } from './variable-errors.ts';

const schema = buildSchema(`
  enum Color { RED BLUE }
  input Inner { count: Int! tags: [String!] }
  input Login { email: String! password: String! color: Color inner: Inner }
  type Query { login(input: Login!, id: ID, flag: Boolean): Int }`);

const SECRET = 8_675_309;
const login = { email: 'a@example.test', password: 'correct horse' };

function coerce(input: unknown): { message: string; field?: string } {
  const document = parse('query ($input: Login!) { login(input: $input) }');
  const operation = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  const [{ message, originalError }] = findVariableErrors(schema, operation, { input }) as [GraphQLError];
  const { field } = (originalError as AppError).details;
  return { message, ...(field === undefined ? {} : { field }) };
}

const invalid = (query: string) => redactValues(validate(schema, parse(query))[0]!.message);

test.each<[string, unknown, string, string | undefined]>([
  [
    'a number for a string',
    { ...login, password: SECRET },
    'Variable "$input.password" got an invalid value: String cannot represent a non string value.',
    'password',
  ],
  [
    'a list for a string',
    { ...login, password: ['correct horse'] },
    'Variable "$input.password" got an invalid value: String cannot represent a non string value.',
    'password',
  ],
  [
    'a field that is missing',
    { password: 'correct horse' },
    'Variable "$input" got an invalid value: Field "email" of required type "String!" was not provided.',
    'email',
  ],
  [
    'a field that is unknown',
    { ...login, pasword: 'correct horse' },
    'Variable "$input" got an invalid value: Field "pasword" is not defined by type "Login".',
    'pasword',
  ],
  [
    'null where none may be',
    { ...login, password: null },
    'Variable "$input.password" got an invalid value: Expected non-nullable type "String!" not to be null.',
    'password',
  ],
  [
    'an unknown enum value',
    { ...login, color: 'correct horse' },
    'Variable "$input.color" got an invalid value: The value does not exist in "Color" enum.',
    'color',
  ],
  [
    'an enum value that is no string',
    { ...login, color: SECRET },
    'Variable "$input.color" got an invalid value: Enum "Color" cannot represent non-string value.',
    'color',
  ],
  [
    'text for an object',
    'correct horse',
    'Variable "$input" got an invalid value: Expected type "Login" to be an object.',
    undefined,
  ],
  [
    'a fraction in an inner object',
    { ...login, inner: { count: 1.5 } },
    'Variable "$input.inner.count" got an invalid value: Int cannot represent non-integer value.',
    'count',
  ],
  [
    'an integer that is too large',
    { ...login, inner: { count: 2 ** 31 } },
    'Variable "$input.inner.count" got an invalid value: Int cannot represent non 32-bit signed integer value.',
    'count',
  ],
  [
    'an item of a list',
    { ...login, inner: { count: 1, tags: ['a', SECRET] } },
    'Variable "$input.inner.tags[1]" got an invalid value: String cannot represent a non string value.',
    'tags',
  ],
])('of %s the schema stays and the value goes', (_, input, message, field) => {
  expect(coerce(input)).toEqual(field === undefined ? { message } : { message, field });
});

test.each([
  ['"correct horse', '; String cannot represent a non string value: correct horse'],
  ['; Field "', '" at "input.x"; Field "correct horse'],
  ['\n; Value "\n', '" does not exist in'],
])('text that looks like a message does not bring the value back', (before, after) => {
  const { message } = coerce({ ...login, inner: `${before}correct horse${after}` });
  expect(message).not.toContain('correct horse');
});

test('literals in a document go too', () => {
  const inputs = [
    'email: "a", password: 8675309',
    'email: "a", password: "b", color: "correct horse"',
    'email: "a", password: "b", color: horse',
    'email: "a", password: "b", inner: "correct horse"',
  ];
  for (const input of inputs) expect(invalid(`{ login(input: { ${input} }) }`)).not.toMatch(/8675309|horse/);
  expect(invalid('{ login(input: { email: "a", password: 8675309 }) }')).toBe(
    'String cannot represent a non string value.',
  );
});

test('a syntax error does not show the literal it stumbled over', () => {
  for (const query of [
    '{ login("correct horse") }',
    '{ login(8675309) }',
    '{ login """correct "horse" """ }',
    '"correct horse"',
  ]) {
    let message = '';
    try {
      parse(query);
    } catch (error) {
      message = redactValues((error as Error).message);
    }
    expect(message).toMatch(/^Syntax Error: /);
    expect(message).not.toMatch(/8675309|horse/);
  }
});

test('every other message stays what it is', () => {
  const message = 'Cannot query field "logn" on type "Query". Did you mean "login"?';
  expect(invalid('{ logn }')).toBe(message);
  expect(redactValues('Unknown argument "x" on field "Query.login".')).toBe(
    'Unknown argument "x" on field "Query.login".',
  );
});

test('a message is cut before it is looked at, and what follows is not in it', () => {
  const cut = redactValues(`Unknown type "${'x'.repeat(100_000)}${SECRET}".`);
  expect(cut).toBe(`Unknown type "${'x'.repeat(486)}...`);
});
