import { CHALLENGE, json, ref, RETRY_AFTER } from './parts.ts';

const setError = (description: string, example?: unknown) => ({
  description,
  ...json(ref('SecurityEventError'), example),
});

const oauthError = (description: string, example?: unknown) => ({
  description,
  ...json(ref('OAuthError'), example),
});

const UNAVAILABLE =
  'The database cannot be reached, or the keys of the issuer cannot be read at the moment. Send it again.';

const TOO_MANY =
  'The issuer sends more than 5,000 tokens at once and 50 a second, or signs an owner out more than 20 times in ten minutes. Send it again then.';

export const EVENT_SOURCE_PATHS = {
  '/ssf/events/{sourceId}': {
    post: {
      tags: ['Security events'],
      operationId: 'receiveSecurityEvent',
      summary: 'Take a security event token (RFC 8935)',
      description:
        'For the transmitter of an event source (`createEventSource`). `session-revoked`, `credential-change` and `credential-compromise` end the sessions of the user whom the event names, `account-disabled` also keeps them out until `account-enabled`. Other events, and those about people who are not known here, are taken and change nothing. So is a token that comes again.',
      security: [],
      parameters: [
        {
          name: 'sourceId',
          in: 'path',
          required: true,
          description: 'The id of the event source.',
          schema: { type: 'string' },
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/secevent+jwt': {
            schema: { type: 'string', description: 'The token, in the compact form, signed by the issuer.' },
          },
        },
      },
      responses: {
        '202': { description: 'What the token asks for is done.' },
        '400': setError(
          'The token is refused, and will be again. An unknown source answers `invalid_issuer`.',
          {
            err: 'invalid_audience',
            description: 'The audience is not the one of this source.',
          },
        ),
        '405': setError('Another method than POST. `Allow` names it.'),
        '413': setError('A body of more than 64 KB.'),
        '429': { description: TOO_MANY, headers: RETRY_AFTER },
        '503': { description: UNAVAILABLE, headers: RETRY_AFTER },
      },
    },
  },
  '/oauth/global-token-revocation': {
    post: {
      tags: ['Security events'],
      operationId: 'revokeGlobally',
      summary: 'End all sessions of a person (global token revocation)',
      description:
        'For identity providers that are event sources, such as Okta with Universal Logout (draft-parecki-oauth-global-token-revocation). The audience of the token is that of the source, or this address.',
      security: [{ issuerToken: [] }],
      requestBody: {
        required: true,
        ...json(
          {
            type: 'object',
            required: ['sub_id'],
            properties: {
              sub_id: {
                type: 'object',
                required: ['format'],
                description: 'A subject identifier (RFC 9493).',
                properties: {
                  format: { type: 'string', enum: ['iss_sub', 'email'] },
                  iss: { type: 'string' },
                  sub: { type: 'string' },
                  email: { type: 'string' },
                },
              },
            },
          },
          { sub_id: { format: 'iss_sub', iss: 'https://idp.example.com', sub: '00u1' } },
        ),
      },
      responses: {
        '204': { description: 'The sessions have ended. Also for a person who is not known here.' },
        '400': oauthError('No `sub_id`, or one of another format.', {
          error: 'invalid_request',
          error_description: 'sub_id must be an object of format iss_sub or email.',
        }),
        '401': {
          ...oauthError('No token, one that is not good, or one that was used before.', {
            error: 'invalid_token',
            error_description: 'A token of a known issuer is needed.',
          }),
          headers: CHALLENGE,
        },
        '405': oauthError('Another method than POST. `Allow` names it.'),
        '413': oauthError('A body of more than 64 KB.'),
        '429': {
          ...oauthError(TOO_MANY, {
            error: 'temporarily_unavailable',
            error_description: 'Try again later.',
          }),
          headers: RETRY_AFTER,
        },
        '503': {
          ...oauthError(UNAVAILABLE, { error: 'temporarily_unavailable', error_description: 'Try again.' }),
          headers: RETRY_AFTER,
        },
      },
    },
  },
};
