import type { CodegenConfig } from '@graphql-codegen/cli';

const SIGN_IN_OPERATIONS = ['web/src/features/sign-in/*.graphql', 'web/src/lib/session.graphql'];

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
          EventStream: '../event-streams/event-stream.ts#EventStreamView',
          Session: '../rules/session.ts#SessionView',
          SessionConnection: '../sessions/session-list.sql.ts#SessionPage',
          SessionExpiryEvent: '../expiry/delivery-state.ts#ExpiryEvent',
          SessionPolicy: '../accounts/account.entity.ts#Account as AccountEntity',
          SessionPolicyAt: '../policies/policy-at.ts#PolicyAt',
          User: '../rules/user.ts#UserView',
          UserConnection: '../users/user-list.sql.ts#UserPage',
        },
      },
    },
    'web/src/generated/operations.ts': {
      ...webOperations,
      documents: ['web/src/**/*.graphql', ...SIGN_IN_OPERATIONS.map((path) => `!${path}`)],
    },
    // Apart, so that the sign-in page does not load the documents of the other pages.
    'web/src/generated/sign-in-operations.ts': { ...webOperations, documents: SIGN_IN_OPERATIONS },
  },
};

export default config;
