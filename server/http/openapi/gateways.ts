import { CHALLENGE, json, RETRY_AFTER } from './parts.ts';

const IDENTITY_HEADERS = {
  'X-Curfew-User': { description: 'The id of the user.', schema: { type: 'string', format: 'uuid' } },
  'X-Curfew-Account': { description: 'The id of the account.', schema: { type: 'string', format: 'uuid' } },
  'X-Curfew-Role': {
    description: 'The role of the user.',
    schema: { type: 'string', enum: ['OWNER', 'MEMBER'] },
  },
  'X-Curfew-Session': { description: 'The id of the session, percent-encoded.', schema: { type: 'string' } },
  'X-Curfew-Expires': {
    description: 'The nearer deadline of the session.',
    schema: { type: 'string', format: 'date-time' },
  },
};

const NOT_LIVE = {
  description: 'No credential, or none of a live session.',
  headers: CHALLENGE,
};
const NOT_KNOWN = {
  description: 'The database cannot be reached. A gateway must take it for a no.',
  headers: RETRY_AFTER,
};

/** Any of these, or none of them: the answer is then 401. */
const SESSION_CREDENTIALS = [{ accessToken: [] }, { refreshCookie: [] }, { sessionToken: [] }, {}];

export const GATEWAY_PATHS = {
  '/auth/verify': {
    get: {
      tags: ['Gateways'],
      operationId: 'verify',
      summary: 'Ask whether a request may pass',
      description:
        'For the `auth_request` of nginx, Traefik and Caddy. Checks the credential of the request against the row of its session. Any method is answered like GET.',
      security: SESSION_CREDENTIALS,
      parameters: [
        {
          name: 'touch',
          in: 'query',
          description: 'Whether the request counts as activity.',
          schema: { type: 'string', enum: ['true', 'false'], default: 'false' },
        },
      ],
      responses: {
        '204': { description: 'The session is live.', headers: IDENTITY_HEADERS },
        '400': {
          description: 'Another value of `touch`.',
          ...json(
            { type: 'object', required: ['error'], properties: { error: { const: 'invalid_request' } } },
            { error: 'invalid_request' },
          ),
        },
        '401': NOT_LIVE,
        '503': NOT_KNOWN,
      },
    },
  },
  '/auth/verify/{path}': {
    get: {
      tags: ['Gateways'],
      operationId: 'verifyWithPath',
      summary: 'The same for gateways that append the path of the request',
      description:
        'For Envoy, which takes only 200 for a yes. What is appended is ignored. It never counts as activity.',
      security: SESSION_CREDENTIALS,
      parameters: [
        {
          name: 'path',
          in: 'path',
          required: true,
          description: 'The path of the request at the gateway, with slashes.',
          schema: { type: 'string' },
        },
      ],
      responses: {
        '200': { description: 'The session is live.', headers: IDENTITY_HEADERS },
        '401': NOT_LIVE,
        '503': NOT_KNOWN,
      },
    },
  },
};
