import {
  buildSchema,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  getNamedType,
  type GraphQLInputType,
} from 'graphql';
import { readFileSync } from 'node:fs';

// A working call of every query and mutation, made from the schema, so that a field added tomorrow is tested too.

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** Answer whoever presents a token that is no longer good. */
export const OPEN_TO_ALL: ReadonlySet<string> = new Set([
  'login',
  'setPassword',
  'refreshSession',
  'logout',
  'startOAuthLogin',
  'completeOAuthLogin',
]);

/** Marked "owner" in the contract. */
export const OWNER_ONLY: ReadonlySet<string> = new Set([
  'sessionPolicy',
  'sessionPolicyImpact',
  'auditEvents',
  'sessionEndings',
  'inviteUser',
  'resetUserPassword',
  'setUserRole',
  'setUserActive',
  'updateSessionPolicy',
  'revokeSessions',
]);

/** Marked "service key" in the contract; `createAccount` for one for all accounts. */
export const SERVICE_ONLY: ReadonlySet<string> = new Set([
  'userSessions',
  'createAccount',
  'createSession',
  'issueSessionAccessToken',
  'validateSession',
  'validateSessions',
  'endSession',
  'endUserSessions',
]);

/** What anybody may know: only a token that is no longer good is refused. */
export const OPEN_WITHOUT_TOKEN: ReadonlySet<string> = new Set(['serverTime', 'authProviders']);

/** Plausible values by argument or input field; everything else is made up from its type. */
const VALUES: Record<string, unknown> = {
  userId: UNKNOWN_ID,
  sessionId: UNKNOWN_ID,
  email: 'guest@example.test',
  newPassword: 'a much better password',
};

function valueOf(name: string, type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (name in VALUES) return VALUES[name];
  if (isListType(bare)) return [valueOf(name, bare.ofType)];
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (isInputObjectType(bare)) {
    const required = Object.values(bare.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, valueOf(field.name, field.type)]));
  }
  switch (bare.toString()) {
    case 'Int':
      return 10;
    case 'Boolean':
      return false;
    default:
      return 'something';
  }
}

export interface RootField {
  kind: 'query' | 'mutation';
  name: string;
  document: string;
  variables: Record<string, unknown>;
}

export const ROOT_FIELDS: readonly RootField[] = (['query', 'mutation'] as const).flatMap((kind) =>
  Object.values((kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!).getFields()).map(
    (field) => {
      const required = field.args.filter((arg) => isNonNullType(arg.type));
      const declared = required.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
      const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
      const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
      return {
        kind,
        name: field.name,
        document: `${kind}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${selection} }`,
        variables: Object.fromEntries(required.map((arg) => [arg.name, valueOf(arg.name, arg.type)])),
      };
    },
  ),
);
