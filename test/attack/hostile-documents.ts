import {
  buildSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { hostileValue } from './hostile-values.ts';
import type { Random } from './random.ts';

export interface HostileRequest {
  kind: string;
  query: unknown;
  variables?: unknown;
  operationName?: unknown;
  extensions?: unknown;
}

const schema: GraphQLSchema = buildSchema(
  readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
);

/** These end sessions that the attack still needs; other tests cover their refusals. */
const LEFT_OUT = new Set([
  'logout',
  'revokeSessions',
  'revokeSession',
  'revokeUserSessions',
  'endUserSessions',
]);

type Operation = 'query' | 'mutation' | 'subscription';

const rootOf = (operation: Operation): GraphQLObjectType =>
  operation === 'query'
    ? schema.getQueryType()!
    : operation === 'mutation'
      ? schema.getMutationType()!
      : schema.getSubscriptionType()!;

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([key]) => /^[A-Za-z_]\w*$/.test(key))
      .map(([key, inner]) => `${key}: ${literal(inner)}`)
      .join(' ')}}`;
  return JSON.stringify(value) ?? 'null';
}

/** Mostly fits its type. */
function argument(random: Random, type: GraphQLInputType, depth: number): string {
  const bare = getNullableType(type);
  if (depth === 0 || random.oneIn(5)) return literal(hostileValue(random, 2));
  if (isListType(bare))
    return `[${Array.from({ length: random.below(4) }, () => argument(random, bare.ofType, depth - 1)).join(' ')}]`;
  if (isEnumType(bare)) return random.pick(bare.getValues()).name;
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      (field) => isNonNullType(field.type) || random.oneIn(2),
    );
    return `{${fields.map((field) => `${field.name}: ${argument(random, field.type, depth - 1)}`).join(' ')}}`;
  }
  return literal(hostileValue(random, 0));
}

function selection(random: Random, type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter(({ name }) => !LEFT_OUT.has(name));
  const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(fields));
  return `{ ${chosen.map((field) => fieldOf(random, field, depth)).join(' ')} }`;
}

function fieldOf(random: Random, field: GraphQLField<unknown, unknown>, depth: number): string {
  const alias = random.oneIn(6) ? `a${random.below(100)}: ` : '';
  const args = field.args.filter((arg) => isNonNullType(arg.type) || random.oneIn(2));
  const passed =
    args.length > 0
      ? `(${args.map((arg) => `${arg.name}: ${argument(random, arg.type, 3)}`).join(' ')})`
      : '';
  const named = getNamedType(field.type);
  const directive = random.oneIn(10)
    ? ` @${random.pick(['include(if: true)', 'skip(if: false)', 'nobody'])}`
    : '';
  if (!isCompositeType(named)) return `${alias}${field.name}${passed}${directive}`;
  const inner = depth > 0 && isObjectType(named) ? selection(random, named, depth - 1) : '{ __typename }';
  return `${alias}${field.name}${passed}${directive} ${inner}`;
}

const repeated = (times: number, make: (index: number) => string): string =>
  Array.from({ length: times }, (_, index) => make(index)).join(' ');

type Maker = (random: Random) => Omit<HostileRequest, 'kind'>;

const MAKERS: Record<string, Maker> = {
  'from the schema': (random) => {
    const operation = random.pick<Operation>(['query', 'query', 'mutation', 'mutation', 'subscription']);
    return { query: `${operation} ${selection(random, rootOf(operation), 1 + random.below(4))}` };
  },
  'cut off': (random) => {
    const query = `query ${selection(random, rootOf('query'), 3)}`;
    return { query: query.slice(0, random.below(query.length)) };
  },
  aliases: (random) => ({
    query: `{ ${repeated(1 + random.below(2_000), (index) => `a${index}: ${random.pick(['viewer { id }', '__typename', 'serverTime', 'sessionPolicyPresets { preset }'])}`)} }`,
  }),
  depth: (random) => {
    const depth = random.below(2_000);
    return { query: '{ viewer '.repeat(depth) + '{ id }' + '}'.repeat(depth) };
  },
  'fragments in a circle': (random) => {
    const count = 1 + random.below(40);
    return {
      query: `{ viewer { ...F0 } } ${repeated(count, (index) => `fragment F${index} on User { ...F${(index + 1) % count} }`)}`,
    };
  },
  'fragments that multiply': (random) => {
    const count = 2 + random.below(30);
    return {
      query: `{ viewer { ...F0 } } ${repeated(count, (index) => `fragment F${index} on User { id ...F${index + 1} ...F${index + 1} }`)} fragment F${count} on User { name email }`,
    };
  },
  directives: (random) => ({
    query: `{ viewer ${repeated(1 + random.below(1_000), () => random.pick(['@include(if: true)', '@skip(if: false)', '@nobody', '@deprecated']))} { id } }`,
  }),
  introspection: (random) => {
    const type = (depth: number): string =>
      depth === 0 ? 'name' : `name ofType { ${type(depth - 1)} } fields { name type { ${type(depth - 1)} } }`;
    const inner = random.pick([
      `types { ${type(1 + random.below(4))} }`,
      'types { fields { args { type { name ofType { name } } } } }',
      'directives { name args { name } }',
    ]);
    return { query: `{ ${repeated(1 + random.below(30), (index) => `i${index}: __schema { ${inner} }`)} }` };
  },
  'unknown fields': (random) => ({
    query: `{ ${repeated(1 + random.below(3_000), (index) => `${random.pick(['viewr', 'sesion', 'x'.repeat(50), 'currentSessionn'])}${index}`)} }`,
  }),
  'many operations': (random) => ({
    query: repeated(1 + random.below(300), (index) => `query Q${index} { __typename }`),
    operationName: random.pick(['Q0', 'Q1', 'nobody', '', null, '__proto__']),
  }),
  'hostile variables': (random) => ({
    query: `mutation ($input: ${random.pick(['LoginInput!', 'RefreshSessionInput', 'SetPasswordInput!', 'UpdateSessionPolicyInput!'])}) { ${random.pick(['login', 'refreshSession', 'setPassword', 'updateSessionPolicy'])}(input: $input) { __typename } }`,
    variables: { input: hostileValue(random, 4) },
  }),
  'many hostile variables': (random) => {
    const count = 1 + random.below(200);
    return {
      query: `query (${repeated(count, (index) => `$v${index}: ${random.pick(['Int!', 'ID!', 'SessionStatus!', 'Role!'])}`)}) { __typename }`,
      variables: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`v${index}`, hostileValue(random, 2)]),
      ),
    };
  },
  'keys without end': (random) => ({
    query: 'mutation ($input: LoginInput!) { login(input: $input) { serverTime } }',
    variables: {
      input: Object.fromEntries(
        Array.from({ length: random.below(3_000) }, (_, index) => [
          `${random.pick(['; at "x.', 'Value "', 'email', '__proto__ '])}${index}`,
          1,
        ]),
      ),
    },
  }),
  'long strings': (random) => ({
    query: `{ sessions(after: ${JSON.stringify(random.pick(['a', '\\"', '€', ' ; at "x.y"; ']).repeat(random.below(15_000)))}) { totalCount } }`,
  }),
  'block strings': (random) => ({
    query: `{ sessions(after: """${random
      .pick(['\n', ' \n', '\\"""', '"'])
      .repeat(random.below(15_000))
      .replaceAll('"""', '')}""") { totalCount } }`,
  }),
  'not a document': (random) => ({ query: hostileValue(random, 2), variables: hostileValue(random, 2) }),
  'persisted or extended': (random) => ({
    query: random.pick([undefined, '{ __typename }', '']),
    extensions: random.pick([
      { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      { persistedQuery: null },
      { persistedQuery: hostileValue(random, 2) },
      hostileValue(random, 2),
    ]),
  }),
};

export const KINDS = Object.keys(MAKERS);

export function hostileRequest(random: Random): HostileRequest {
  const kind = random.pick(KINDS);
  return { kind, ...MAKERS[kind]!(random) };
}
