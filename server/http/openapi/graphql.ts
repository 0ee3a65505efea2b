import { json, ref, text } from './parts.ts';

export const GRAPHQL_PATHS = {
  '/graphql': {
    post: {
      tags: ['GraphQL'],
      operationId: 'graphql',
      summary: 'Run a query or a mutation',
      description:
        'Everything about sessions, policies, people and applications, in outline: the schema says the rest. Executed operations answer with status 200, also when they are refused. Subscriptions go over a WebSocket at the same path (`graphql-transport-ws`).',
      security: [{ accessToken: [] }, { serviceKey: [] }, {}],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['query'],
              properties: {
                query: { type: 'string' },
                variables: { type: ['object', 'null'] },
                operationName: { type: ['string', 'null'] },
              },
            },
            example: { query: '{ serverTime }' },
          },
        },
      },
      responses: {
        '200': {
          description: 'The operation was executed.',
          ...json(ref('GraphQLResponse'), { data: { serverTime: '2026-11-29T12:00:00.000Z' } }),
        },
        '400': {
          description: 'The document cannot be parsed, is not valid, or is beyond a limit.',
          ...json(ref('GraphQLResponse')),
        },
        '413': {
          description: 'A body of more than 100 KB, or of more than 1 MB with a service key.',
          ...json(ref('GraphQLResponse')),
        },
        '415': { description: 'A body that is not JSON.', ...json(ref('GraphQLResponse')) },
      },
    },
    get: {
      tags: ['GraphQL'],
      operationId: 'graphqlByGet',
      summary: 'Not offered, but for a WebSocket',
      description:
        'Operations are sent with POST, so that no link can run one. A request to upgrade to a WebSocket is taken here, for subscriptions (`graphql-transport-ws`).',
      security: [],
      responses: { '405': { description: 'Send operations with POST.', ...json(ref('GraphQLResponse')) } },
    },
  },
  '/schema.graphql': {
    get: {
      tags: ['GraphQL'],
      operationId: 'schema',
      summary: 'The GraphQL schema',
      description: 'With a description of every type, field and argument.',
      security: [],
      responses: { '200': { description: 'The schema in SDL.', ...text({ type: 'string' }) } },
    },
  },
};
