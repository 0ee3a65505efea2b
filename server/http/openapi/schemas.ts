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
        enum: [
          'invalid_request',
          'invalid_client',
          'invalid_token',
          'temporarily_unavailable',
          'server_error',
        ],
      },
      error_description: { type: 'string' },
    },
  },
  SecurityEventError: {
    type: 'object',
    required: ['err', 'description'],
    properties: {
      err: {
        type: 'string',
        enum: [
          'invalid_request',
          'invalid_key',
          'invalid_issuer',
          'invalid_audience',
          'authentication_failed',
        ],
        description: 'RFC 8935, section 2.4.',
      },
      description: { type: 'string' },
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
  SsfError: {
    type: 'object',
    required: ['err', 'description'],
    properties: {
      err: {
        type: 'string',
        enum: [
          'invalid_request',
          'authentication_failed',
          'access_denied',
          'not_found',
          'conflict',
          'too_many_requests',
          'temporarily_unavailable',
          'server_error',
        ],
      },
      description: { type: 'string' },
    },
  },
  SsfStream: {
    type: 'object',
    additionalProperties: false,
    required: [
      'stream_id',
      'iss',
      'aud',
      'events_supported',
      'events_delivered',
      'delivery',
      'min_verification_interval',
    ],
    properties: {
      stream_id: { type: 'string' },
      iss: { type: 'string', description: 'The `iss` of its tokens.' },
      aud: { type: 'string', description: 'The `aud` of its tokens.' },
      events_supported: { type: 'array', items: { type: 'string' } },
      events_requested: {
        type: 'array',
        items: { type: 'string' },
        description: 'Absent: the receiver has all.',
      },
      events_delivered: { type: 'array', items: { type: 'string' } },
      delivery: {
        type: 'object',
        additionalProperties: false,
        required: ['method', 'endpoint_url'],
        properties: {
          method: { type: 'string', enum: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'] },
          endpoint_url: { type: 'string' },
        },
      },
      min_verification_interval: { type: 'integer', description: 'Seconds.' },
      description: { type: 'string' },
    },
  },
  SsfStatus: {
    type: 'object',
    additionalProperties: false,
    required: ['stream_id', 'status'],
    properties: {
      stream_id: { type: 'string' },
      status: { type: 'string', enum: ['enabled', 'paused', 'disabled'] },
      reason: { type: 'string', description: 'Of the last change. Absent: none was given.' },
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
