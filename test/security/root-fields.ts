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

// A working call of every query and mutation, derived from the schema, so that new fields are tested too.

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** Answer callers with an unusable token. */
export const OPEN_TO_ALL: ReadonlySet<string> = new Set([
  'login',
  'requestPasswordReset',
  'openPasswordLink',
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
  'users',
  'sessionPolicyAt',
  'sessionPolicyVersions',
  'sessionExpiryForecast',
  'sessionEndings',
  'inviteUser',
  'inviteUsers',
  'renameUser',
  'resetUserPassword',
  'setUserRole',
  'setUserActive',
  'deleteAccount',
  'renameAccount',
  'serviceKeys',
  'createServiceKey',
  'revokeServiceKey',
  'eventStreams',
  'eventSources',
  'eventDeliveries',
  'createEventSource',
  'deleteEventSource',
  'createEventStream',
  'updateEventStream',
  'deleteEventStream',
  'rotateEventStreamSecret',
  'sendTestEvent',
  'redeliver',
  'redeliverDead',
  'updateSessionPolicy',
  'restoreSessionPolicy',
  'revokeSessions',
]);

/** Marked "owner, or service key" in the contract. */
export const OWNER_OR_SERVICE: ReadonlySet<string> = new Set(['deleteUser']);

/** Marked "service key" in the contract; `createAccount` for one for all accounts. */
export const SERVICE_ONLY: ReadonlySet<string> = new Set([
  'userSessions',
  'createAccount',
  'createSession',
  'issueSessionAccessToken',
  'validateSession',
  'validateSessions',
  'reauthenticateSession',
  'endSession',
  'endUserSessions',
]);

/** Public fields: only an unusable token is refused. */
export const OPEN_WITHOUT_TOKEN: ReadonlySet<string> = new Set([
  'serverTime',
  'authProviders',
  'signInOptions',
]);

/** Plausible values by argument or input field; others are derived from the type. */
const VALUES: Record<string, unknown> = {
  userId: UNKNOWN_ID,
  sessionId: UNKNOWN_ID,
  streamId: UNKNOWN_ID,
  sourceId: UNKNOWN_ID,
  deliveryId: UNKNOWN_ID,
  email: 'guest@example.test',
  newPassword: 'a much better password',
  at: '2026-01-01T00:00:00.000Z',
};

/** Arguments that the schema does not require, but the operation. */
const NEEDED: Record<string, readonly string[]> = { deleteUser: ['userId'] };

/** For inputs without required fields in the schema that need some by meaning. */
const INPUTS: Record<string, unknown> = {
  CreateEventSourceInput: { issuer: 'https://idp.example.com', audience: 'https://curfew.example.com' },
  CreateEventStreamInput: { kind: 'WEBHOOK', url: 'https://hooks.example.com/' },
  InviteUserInput: { email: 'guest@example.test', name: 'Gus Guest' },
};

function valueOf(name: string, type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (name in VALUES) return VALUES[name];
  if (isListType(bare)) return [valueOf(name, bare.ofType)];
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (bare.toString() in INPUTS) return INPUTS[bare.toString()];
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
      const required = field.args.filter(
        (arg) => isNonNullType(arg.type) || NEEDED[field.name]?.includes(arg.name),
      );
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
