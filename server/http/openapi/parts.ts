// What the descriptions of the endpoints share.

export const json = (schema: object, example?: unknown) => ({
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

export const text = (schema: object, example?: string) => ({
  content: { 'text/plain': { schema, ...(example === undefined ? {} : { example }) } },
});

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const CHALLENGE = {
  'WWW-Authenticate': {
    description: 'The schemes that the endpoint takes (RFC 9110, section 11.6.1).',
    schema: { type: 'string' },
  },
};
export const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait before the next attempt.', schema: { type: 'integer' } },
};
