const GRAPHQL_ANSWER = {
  type: 'object',
  properties: {
    data: { type: ['object', 'null'] },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['message'],
        properties: {
          message: { type: 'string' },
          path: { type: 'array', items: { type: ['string', 'integer'] } },
          extensions: {
            type: 'object',
            required: ['code', 'requestId'],
            properties: {
              code: { type: 'string', description: 'Fixed: programs decide by it.' },
              requestId: { type: 'string', description: 'Finds the request in the log of the server.' },
            },
          },
        },
      },
    },
  },
};

export const SCHEMAS = {
  GraphQLResponse: GRAPHQL_ANSWER,
  OAuthError: {
    type: 'object',
    required: ['error', 'error_description'],
    properties: {
      error: {
        type: 'string',
        enum: ['invalid_request', 'invalid_client', 'temporarily_unavailable', 'server_error'],
      },
      error_description: { type: 'string' },
    },
  },
  Introspection: {
    type: 'object',
    required: ['active'],
    properties: {
      active: { type: 'boolean' },
      token_type: { type: 'string', enum: ['access_token', 'refresh_token', 'session_token'] },
      sub: { type: 'string', description: 'The user.' },
      sid: { type: 'string', description: 'The session.' },
      account_id: { type: 'string', description: 'Absent for a session-scoped token.' },
      role: { type: 'string', enum: ['OWNER', 'MEMBER'], description: 'Absent for a session-scoped token.' },
      scope: { type: 'string', description: '`session` for a session-scoped token.' },
      aud: { type: 'string', description: 'The audience of an access token.' },
      auth_time: { type: 'integer' },
      iat: { type: 'integer' },
      exp: { type: 'integer', description: 'When this token expires.' },
      iss: { type: 'string' },
      session_expires_at: { type: 'integer', description: 'The nearer deadline of the session.' },
    },
  },
  Readiness: {
    type: 'object',
    required: ['status', 'database'],
    properties: {
      status: { type: 'string', enum: ['ready', 'unavailable'] },
      database: { type: 'string', enum: ['up', 'down'] },
      redis: { type: 'string', enum: ['up', 'down'], description: 'Absent without Redis.' },
      redisProblem: { type: 'string' },
      events: { const: 'down', description: 'Events come late. The node stays ready.' },
      watch: { const: 'down', description: 'The node does not see sessions end.' },
    },
  },
};
