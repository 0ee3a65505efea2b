import { CHALLENGE, json, ref, RETRY_AFTER } from './parts.ts';

const error = (description: string, err: string) => ({
  description,
  ...json(ref('SsfError'), { err, description: 'What is wrong, for a developer.' }),
});

const CALLER_ERRORS = {
  '401': {
    ...error('No service key, or one that is unknown, revoked or expired.', 'authentication_failed'),
    headers: CHALLENGE,
  },
  '403': error('A service key for all accounts.', 'access_denied'),
};
const UNAVAILABLE = {
  '503': {
    ...error('The database cannot be reached. Try again.', 'temporarily_unavailable'),
    headers: RETRY_AFTER,
  },
};
const NOT_FOUND = {
  '404': error('No SSF stream of the account of the key has this id.', 'not_found'),
};
const BODY_ERRORS = {
  '400': error('No JSON object, or a value that cannot be. Nothing has changed.', 'invalid_request'),
  '413': error('A body of more than 100 KB.', 'invalid_request'),
  '415': error('A body that is no JSON.', 'invalid_request'),
};
const METHOD = {
  '405': error('Another method than POST. `Allow` names it.', 'invalid_request'),
};

const security = [{ serviceKey: [] }];
const streamId = {
  name: 'stream_id',
  in: 'query',
  required: true,
  description: 'The stream.',
  schema: { type: 'string' },
};
const body = (schema: object) => ({ required: true, ...json(schema) });
const stream = (description: string) => ({ description, ...json(ref('SsfStream')) });

const EVENTS = {
  type: 'array',
  maxItems: 100,
  items: { type: 'string', maxLength: 500 },
  description: 'Event URIs. Those that Curfew does not know are kept and have no effect. Absent: all.',
};
const DELIVERY = {
  type: 'object',
  required: ['method'],
  properties: {
    method: { type: 'string', enum: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'] },
    endpoint_url: {
      type: 'string',
      description: 'Of the receiver for push: https and public. Of Curfew for polls, which it chooses.',
    },
    authorization_header: {
      type: 'string',
      description:
        'The `Authorization` header of every push. Never given back, and sent to no other address: a change of the address needs it again, a PUT in any case.',
    },
  },
};
const CHOSEN = {
  events_requested: EVENTS,
  delivery: DELIVERY,
  description: { type: 'string', maxLength: 200 },
};

const change = (operationId: string, summary: string) => ({
  tags: ['Security events'],
  operationId,
  summary,
  security,
  requestBody: body({
    type: 'object',
    required: ['stream_id'],
    properties: { stream_id: { type: 'string' }, ...CHOSEN },
  }),
  responses: {
    '200': stream('The stream as it is now.'),
    ...BODY_ERRORS,
    ...CALLER_ERRORS,
    ...NOT_FOUND,
    ...UNAVAILABLE,
  },
});

export const SSF_PATHS_DESCRIBED = {
  '/.well-known/ssf-configuration': {
    get: {
      tags: ['Security events'],
      operationId: 'ssfConfiguration',
      summary: 'The transmitter of security events (SSF 1.0)',
      description: 'Where its endpoints and keys are. May be kept for five minutes.',
      security: [],
      responses: {
        '200': {
          description: 'The configuration.',
          ...json({
            type: 'object',
            required: [
              'spec_version',
              'issuer',
              'jwks_uri',
              'delivery_methods_supported',
              'configuration_endpoint',
              'status_endpoint',
              'verification_endpoint',
              'authorization_schemes',
              'default_subjects',
            ],
          }),
        },
      },
    },
  },
  '/ssf/streams': {
    get: {
      tags: ['Security events'],
      operationId: 'readStreams',
      summary: 'Read one SSF stream, or all of the account',
      security,
      parameters: [{ ...streamId, required: false, description: 'Absent: all, as a list.' }],
      responses: {
        '200': {
          description: 'The stream, or the list without `stream_id`.',
          ...json({ oneOf: [ref('SsfStream'), { type: 'array', items: ref('SsfStream') }] }),
        },
        '400': error('More than one `stream_id`.', 'invalid_request'),
        ...CALLER_ERRORS,
        ...NOT_FOUND,
        ...UNAVAILABLE,
      },
    },
    post: {
      tags: ['Security events'],
      operationId: 'createStream',
      summary: 'Create an SSF stream',
      description: 'Without `delivery` the receiver polls.',
      security,
      requestBody: body({ type: 'object', properties: CHOSEN }),
      responses: {
        '201': stream('The stream.'),
        ...BODY_ERRORS,
        ...CALLER_ERRORS,
        '409': error('The account has as many streams as it may have, which are 20.', 'conflict'),
        ...UNAVAILABLE,
      },
    },
    patch: change('changeStream', 'Change what is given of an SSF stream'),
    put: {
      ...change('replaceStream', 'Replace what the receiver chose of an SSF stream'),
      description: 'What is not given is as in a stream that is created without it.',
    },
    delete: {
      tags: ['Security events'],
      operationId: 'deleteStream',
      summary: 'Delete an SSF stream',
      description: 'What waits for it is given up.',
      security,
      parameters: [streamId],
      responses: {
        '204': { description: 'It is deleted.' },
        '400': error('Not one `stream_id`.', 'invalid_request'),
        ...CALLER_ERRORS,
        ...NOT_FOUND,
        ...UNAVAILABLE,
      },
    },
  },
  '/ssf/streams/{streamId}/poll': {
    post: {
      tags: ['Security events'],
      operationId: 'pollStream',
      summary: 'Poll the events of an SSF stream (RFC 8936)',
      description:
        'What is not acknowledged is returned again by the next poll. Without events the answer waits for up to 25 seconds, unless `returnImmediately` is true or `maxEvents` is 0. An answer has at most 100.',
      security,
      parameters: [{ ...streamId, name: 'streamId', in: 'path' }],
      requestBody: body({
        type: 'object',
        properties: {
          maxEvents: { type: 'integer', minimum: 0, description: '0: the request only acknowledges.' },
          returnImmediately: { type: 'boolean', default: false },
          ack: { type: 'array', maxItems: 1000, items: { type: 'string' } },
          setErrs: {
            type: 'object',
            maxProperties: 1000,
            description: 'Tokens that the receiver cannot take, by `jti`. They are not returned again.',
            additionalProperties: {
              type: 'object',
              properties: { err: { type: 'string' }, description: { type: 'string' } },
            },
          },
        },
      }),
      responses: {
        '200': {
          description: 'Tokens by their `jti`, in the order of the events.',
          ...json(
            {
              type: 'object',
              required: ['sets', 'moreAvailable'],
              properties: {
                sets: { type: 'object', additionalProperties: { type: 'string' } },
                moreAvailable: { type: 'boolean' },
              },
            },
            { sets: {}, moreAvailable: false },
          ),
        },
        ...BODY_ERRORS,
        ...CALLER_ERRORS,
        '404': error('No poll stream of the account of the key has this id.', 'not_found'),
        ...METHOD,
        '429': {
          ...error('Four polls of the stream wait on this node.', 'too_many_requests'),
          headers: RETRY_AFTER,
        },
        ...UNAVAILABLE,
      },
    },
  },
  '/ssf/status': {
    get: {
      tags: ['Security events'],
      operationId: 'readStreamStatus',
      summary: 'Read the status of an SSF stream',
      security,
      parameters: [streamId],
      responses: {
        '200': { description: 'The status.', ...json(ref('SsfStatus')) },
        '400': error('Not one `stream_id`.', 'invalid_request'),
        ...CALLER_ERRORS,
        ...NOT_FOUND,
        ...UNAVAILABLE,
      },
    },
    post: {
      tags: ['Security events'],
      operationId: 'changeStreamStatus',
      summary: 'Change the status of an SSF stream',
      description:
        'A paused stream holds its events, a disabled one drops them. `stream-updated` tells the change, also to a stream that is paused or disabled.',
      security,
      requestBody: body({
        type: 'object',
        required: ['stream_id', 'status'],
        properties: {
          stream_id: { type: 'string' },
          status: { type: 'string', enum: ['enabled', 'paused', 'disabled'] },
          reason: { type: 'string', maxLength: 200 },
        },
      }),
      responses: {
        '200': { description: 'The status as it is now.', ...json(ref('SsfStatus')) },
        ...BODY_ERRORS,
        ...CALLER_ERRORS,
        ...NOT_FOUND,
        ...UNAVAILABLE,
      },
    },
  },
  '/ssf/verify': {
    post: {
      tags: ['Security events'],
      operationId: 'verifyStream',
      summary: 'Ask for a verification event',
      description: 'It comes like any event, with the given `state`.',
      security,
      requestBody: body({
        type: 'object',
        required: ['stream_id'],
        properties: { stream_id: { type: 'string' }, state: { type: 'string', maxLength: 1000 } },
      }),
      responses: {
        '204': { description: 'It is on its way.' },
        ...BODY_ERRORS,
        ...CALLER_ERRORS,
        ...NOT_FOUND,
        ...METHOD,
        '429': {
          ...error('Less than 30 seconds after the last one, or ten of them wait.', 'too_many_requests'),
          headers: RETRY_AFTER,
        },
        ...UNAVAILABLE,
      },
    },
  },
};
