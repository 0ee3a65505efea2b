import { CHALLENGE, json, ref, RETRY_AFTER } from './parts.ts';

const OAUTH_ERRORS = {
  '400': {
    description: 'Not exactly one token, or a parameter twice.',
    ...json(ref('OAuthError'), {
      error: 'invalid_request',
      error_description: 'Exactly one token is needed.',
    }),
  },
  '401': {
    description: 'No service key, or one that is unknown, revoked or expired.',
    headers: CHALLENGE,
    ...json(ref('OAuthError'), { error: 'invalid_client', error_description: 'A service key is needed.' }),
  },
  '405': {
    description: 'Another method than POST. `Allow` names it.',
    ...json(ref('OAuthError'), { error: 'invalid_request', error_description: 'Use POST.' }),
  },
  '413': { description: 'A body of more than 1 MB.', ...json(ref('OAuthError')) },
  '415': { description: 'A body that is no form.', ...json(ref('OAuthError')) },
  '503': {
    description: 'The database cannot be reached. Try again.',
    headers: RETRY_AFTER,
    ...json(ref('OAuthError'), { error: 'temporarily_unavailable', error_description: 'Try again.' }),
  },
};

const TOKEN_FORM = {
  required: true,
  content: {
    'application/x-www-form-urlencoded': {
      schema: {
        type: 'object',
        required: ['token'],
        properties: {
          token: { type: 'string', description: 'An access, refresh or session token.' },
          token_type_hint: {
            type: 'string',
            description: 'Accepted and not needed: tokens tell their type.',
          },
        },
      },
    },
  },
};

export const TOKEN_PATHS = {
  '/oauth/introspect': {
    post: {
      tags: ['Tokens'],
      operationId: 'introspect',
      summary: 'Look at a token (RFC 7662)',
      description:
        'For trusted back ends. Uses up no token, and is no activity. A token outside the reach of the key is answered like an unknown one.',
      security: [{ serviceKey: [] }, { serviceKeyBasic: [] }],
      requestBody: TOKEN_FORM,
      responses: {
        '200': {
          description: 'What the token is good for now. Not active: exactly `{"active": false}`.',
          ...json(ref('Introspection'), { active: false }),
        },
        ...OAUTH_ERRORS,
      },
    },
  },
  '/oauth/revoke': {
    post: {
      tags: ['Tokens'],
      operationId: 'revoke',
      summary: 'End the session of a token (RFC 7009)',
      description: 'For trusted back ends. The session ends with `REVOKED_BY_SERVICE`.',
      security: [{ serviceKey: [] }, { serviceKeyBasic: [] }],
      requestBody: TOKEN_FORM,
      responses: {
        '200': {
          description: 'The session has ended. Also for an unknown token.',
          ...json({ type: 'object' }, {}),
        },
        ...OAUTH_ERRORS,
      },
    },
  },
  '/.well-known/jwks.json': {
    get: {
      tags: ['Tokens'],
      operationId: 'jwks',
      summary: 'The keys of access tokens and security events (RFC 7517)',
      description:
        'The public keys with which other APIs verify access tokens and logout tokens (ES256), and after them those of security event tokens (RS256), once there is one. May be kept for five minutes.',
      security: [],
      responses: {
        '200': {
          description: 'Every key that Curfew accepts.',
          ...json({
            type: 'object',
            required: ['keys'],
            properties: {
              keys: {
                type: 'array',
                items: {
                  type: 'object',
                  oneOf: [
                    {
                      required: ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use'],
                      properties: {
                        kty: { const: 'EC' },
                        crv: { const: 'P-256' },
                        x: { type: 'string' },
                        y: { type: 'string' },
                        kid: { type: 'string' },
                        alg: { const: 'ES256' },
                        use: { const: 'sig' },
                      },
                    },
                    {
                      required: ['kty', 'n', 'e', 'kid', 'alg', 'use'],
                      properties: {
                        kty: { const: 'RSA' },
                        n: { type: 'string' },
                        e: { type: 'string' },
                        kid: { type: 'string' },
                        alg: { const: 'RS256' },
                        use: { const: 'sig' },
                      },
                    },
                  ],
                },
              },
            },
          }),
        },
      },
    },
  },
};
