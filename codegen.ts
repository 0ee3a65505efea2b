import type { CodegenConfig } from '@graphql-codegen/cli';

/** Documents in files apart, so that only their pages load them. A fragment that pages share is in the files of each. */
const OPERATIONS_APART = {
  account: ['web/src/features/account/*.graphql', 'web/src/features/trail/*.graphql'],
  audit: ['web/src/features/audit/*.graphql', 'web/src/features/trail/*.graphql'],
  events: ['web/src/features/events/*.graphql'],
  evidence: [
    'web/src/features/evidence/*.graphql',
    'web/src/features/explanation/*.graphql',
    'web/src/features/policy-effect/standard.graphql',
  ],
  people: ['web/src/features/people/*.graphql'],
  policy: ['web/src/features/policy/*.graphql', 'web/src/features/policy-effect/*.graphql'],
  sessions: ['web/src/features/sessions/*.graphql'],
  'sign-in': ['web/src/features/sign-in/*.graphql', 'web/src/lib/session.graphql'],
};

const webOperations = {
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    enumType: 'string-literal',
    useTypeImports: true,
    strictScalars: true,
    // Times arrive as RFC 3339 text.
    scalars: { DateTime: 'string', ID: 'string', JSON: 'Record<string, unknown>' },
  },
};

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'server/generated/schema.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        // Node strips the types and runs the rest: no enums, and nothing imported but types.
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'Date', ID: 'string', JSON: 'Record<string, unknown>' },
        contextType: '../graphql/context.ts#GraphQLContext',
        // What a resolver returns for a type; the alias keeps an entity apart from the GraphQL type of its name.
        mappers: {
          Account: '../users/account-reader.ts#AccountReference',
          ActiveUser: '../users/active-users.sql.ts#ActiveUserView',
          AuditEvent: '../audit/audit-event.ts#AuditEvent as AuditEventView',
          AuditEventConnection: '../audit/audit-event.ts#AuditPage',
          AuthPayload: '../sessions/deliver-tokens.ts#DeliveredTokenSet',
          ServiceKey: '../service-api/owner-service-keys.ts#ServiceKeyView',
          ServiceKeyConnection: '../service-api/owner-service-keys.ts#ServiceKeyPage',
          EventDelivery: '../event-streams/event-stream.ts#EventDeliveryView',
          EventDeliveryConnection: '../event-streams/event-stream.ts#EventDeliveryPage',
          EventSource: '../event-sources/event-source.ts#EventSourceView',
          EventStream: '../event-streams/event-stream.ts#EventStreamView',
          Session: '../rules/session.ts#SessionView',
          SessionConnection: '../sessions/session-list.sql.ts#SessionPage',
          SessionExpiryEvent: '../expiry/delivery-state.ts#ExpiryEvent',
          SessionPolicy: '../accounts/account.entity.ts#Account as AccountEntity',
          SessionPolicyAt: '../policies/policy-at.ts#PolicyAt',
          SessionExplanation: '../policies/explain-session.ts#Explanation',
          SessionPolicyVersion: '../policies/policy-versions.sql.ts#PolicyVersion',
          SessionPolicyVersionConnection: '../policies/policy-versions.ts#PolicyVersionPage',
          User: '../rules/user.ts#UserView',
          UserConnection: '../users/user-list.sql.ts#UserPage',
        },
      },
    },
    // Of every page behind the sign-in, and of the page with the fewest.
    'web/src/generated/operations.ts': {
      ...webOperations,
      documents: [
        'web/src/**/*.graphql',
        ...new Set(Object.values(OPERATIONS_APART).flatMap((paths) => paths.map((path) => `!${path}`))),
      ],
    },
    ...Object.fromEntries(
      Object.entries(OPERATIONS_APART).map(([name, documents]) => [
        `web/src/generated/${name}-operations.ts`,
        { ...webOperations, documents },
      ]),
    ),
  },
};

export default config;
