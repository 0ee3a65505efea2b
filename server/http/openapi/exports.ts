import { CHALLENGE, json, ref, RETRY_AFTER } from './parts.ts';

const moment = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', format: 'date-time' },
});

const error = (description: string) => ({ description, ...json(ref('GraphQLResponse')) });

export const EXPORT_PATHS = {
  '/export/audit': {
    get: {
      tags: ['Exports'],
      operationId: 'exportAudit',
      summary: 'The audit trail as a file',
      description:
        'Newest event first, streamed: the answer has no length, and one that ends without its last chunk is not whole. The export is itself an event of the trail. Only the access token of an owner is enough: no cookie, no service key, and no token in the address.',
      security: [{ accessToken: [] }],
      parameters: [
        {
          name: 'format',
          in: 'query',
          required: true,
          description:
            'CSV (RFC 4180), in which no cell begins like a formula, or one JSON object a line. Both have the same columns.',
          schema: { type: 'string', enum: ['csv', 'jsonl'] },
        },
        moment('from', 'Inclusive. Without it: from the first event.'),
        moment('to', 'Exclusive. Without it: to the last event.'),
      ],
      responses: {
        '200': {
          description:
            'The columns are `id`, `created_at`, `action`, `actor_id`, `actor_name`, `subject_id`, `subject_name`, `resource_type`, `resource_id`, `ip_address` and `details`.',
          headers: {
            'Content-Disposition': {
              description: 'The name of the file.',
              schema: { type: 'string' },
            },
          },
          content: {
            'text/csv': { schema: { type: 'string' } },
            'application/jsonl': { schema: { type: 'string' } },
          },
        },
        '400': error('An unknown format, or a moment that is not RFC 3339.'),
        '401': { ...error('No access token, or one of no live session.'), headers: CHALLENGE },
        '403': error('The access token of a member.'),
        '503': { ...error('The database cannot be reached. Try again.'), headers: RETRY_AFTER },
      },
    },
  },
  '/export/policy': {
    get: {
      tags: ['Exports'],
      operationId: 'exportPolicy',
      summary: 'The session policy with its versions and verdicts, as a file',
      description:
        'The policy, what standards say about it, and every saved version, newest first. Streamed like the audit trail, for the same callers. The export is an event of the trail.',
      security: [{ accessToken: [] }],
      parameters: [
        {
          name: 'format',
          in: 'query',
          required: true,
          description:
            'CSV (RFC 4180), in which no cell begins like a formula and `record` says what a row is (`policy`, `check` or `version`), or one JSON object with `account_id`, `policy`, `verdicts` and `versions`.',
          schema: { type: 'string', enum: ['csv', 'json'] },
        },
      ],
      responses: {
        '200': {
          description: 'The file. Limits are in minutes.',
          headers: {
            'Content-Disposition': {
              description: 'The name of the file.',
              schema: { type: 'string' },
            },
          },
          content: {
            'text/csv': { schema: { type: 'string' } },
            'application/json': { schema: { type: 'object' } },
          },
        },
        '400': error('An unknown format.'),
        '401': { ...error('No access token, or one of no live session.'), headers: CHALLENGE },
        '403': error('The access token of a member.'),
        '503': { ...error('The database cannot be reached. Try again.'), headers: RETRY_AFTER },
      },
    },
  },
};
