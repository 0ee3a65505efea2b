import { getIntrospectionQuery } from 'graphql';
import { startApp, type TestApp } from '../harness.ts';

// The schema is public, and costs as much as one schema, once.

let app: TestApp;
let whole: number;
beforeAll(async () => {
  app = await startApp();
  whole = JSON.stringify((await app.gql(getIntrospectionQuery())).data).length;
});
afterAll(() => app.close());

const many = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
const everything = {
  descriptions: true,
  schemaDescription: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  inputValueDeprecation: true,
  oneOf: true,
};
/** As GraphiQL, Apollo's tools and code generators ask: with deeply wrapped types. */
const deeper = getIntrospectionQuery(everything).replace(
  /fragment TypeRef on __Type [^]*$/,
  `fragment TypeRef on __Type { kind name ${'ofType { kind name '.repeat(12)}${'} '.repeat(12)}}`,
);

test.each([
  ['the standard query', getIntrospectionQuery()],
  ['with everything', getIntrospectionQuery(everything)],
  ['without descriptions', getIntrospectionQuery({ descriptions: false })],
  ['twelve types deep', deeper],
  [
    'with a name for the operation and __typename',
    getIntrospectionQuery(everything).replaceAll(/(name\n)/g, '$1 __typename '),
  ],
  ['one type', '{ __type(name: "Session") { name fields { name type { name kind ofType { name } } } } }'],
  [
    'one type in a variable',
    'query ($name: String = "Session") { __type(name: $name) { name fields { name } } }',
  ],
  ['a type that does not exist', '{ __type(name: "Nothing") { name } }'],
  [
    'three types',
    '{ a: __type(name: "User") { name } b: __type(name: "Role") { name } c: __type(name: "Int") { name } }',
  ],
  ['names beside data', '{ serverTime __typename __schema { queryType { name } } }'],
])('%s is answered', async (_, query) => {
  const answer = await app.gql(query);
  expect([answer.errors, answer.status]).toEqual([undefined, 200]);
});

const TYPE =
  'name description fields(includeDeprecated: true) { name description args { name description } }';
test.each([
  [
    'fifteen times the types',
    `{ __schema { ${many(15, (n) => `a${n}: types { ...T }`)} } } fragment T on __Type { ${TYPE} }`,
  ],
  [
    'fifteen schemas',
    `{ ${many(15, (n) => `a${n}: __schema { types { ...T } }`)} } fragment T on __Type { ${TYPE} }`,
  ],
  [
    'fragments in fragments',
    `{ __schema { types { ...A } } } fragment A on __Type { ${TYPE} fields { a: type { ...B } b: type { ...B } c: type { ...B } } } fragment B on __Type { ${TYPE} }`,
  ],
  [
    'the fields of the types of fields',
    `{ __schema { types { fields { type { ofType { ofType { fields { name description } } fields { name description } } fields { name description } } } } } }`,
  ],
  [
    'a variable for many large types',
    `query ($n: String!) { ${many(15, (n) => `a${n}: __type(name: $n) { ...T }`)} } fragment T on __Type { ${TYPE} fields { b: type { ofType { ${TYPE} } ${TYPE} } } inputFields { type { ${TYPE} } } }`,
  ],
  [
    'directives and their types',
    `{ __schema { ${many(7, (n) => `d${n}: types { fields { args { type { fields { name } enumValues { name description } inputFields { name description } ofType { inputFields { name description } } } } } }`)} } }`,
  ],
])('%s: the size of one schema at most', async (_, query) => {
  const answer = await app.gql(query, { n: 'Mutation' });
  const size = JSON.stringify(answer.data ?? null).length;
  if (answer.code === undefined) expect(size).toBeLessThan(whole * 2);
  else
    expect([answer.code, answer.status, answer.data]).toEqual(['GRAPHQL_VALIDATION_FAILED', 400, undefined]);
});

test('fragments that multiply by spreading do not multiply an answer', async () => {
  const bomb = (levels: number) =>
    `{ viewer { ...F0 } } ${many(levels, (n) => `fragment F${n} on User { ${many(5, (k) => `...F${n + 1 + (k % 2)}`)} account { ...A${n} } }`)}` +
    ` fragment F${levels} on User { id } fragment F${levels + 1} on User { name } ${many(levels, (n) => `fragment A${n} on Account { id name }`)}`;
  const answer = await app.gql(bomb(10));
  expect(answer.status).toBeLessThan(500);
  expect(JSON.stringify(answer).length).toBeLessThan(2_000);
});
