import { CHALLENGE, json, ref, text } from './parts.ts';

export const OPERATION_PATHS = {
  '/healthz': {
    get: {
      tags: ['Operation'],
      operationId: 'healthz',
      summary: 'Whether the process runs',
      security: [],
      responses: {
        '200': {
          description: 'It runs.',
          ...json(
            { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } },
            { status: 'ok' },
          ),
        },
      },
    },
  },
  '/readyz': {
    get: {
      tags: ['Operation'],
      operationId: 'readyz',
      summary: 'Whether this node can serve',
      security: [],
      parameters: [
        {
          name: 'redis',
          in: 'query',
          description: '`optional`: a lost Redis makes no node unready.',
          schema: { type: 'string', enum: ['optional'] },
        },
      ],
      responses: {
        '200': { description: 'It can.', ...json(ref('Readiness'), { status: 'ready', database: 'up' }) },
        '503': {
          description: 'It cannot: the database or Redis is down, or the node no longer sees sessions end.',
          ...json(ref('Readiness'), { status: 'unavailable', database: 'down' }),
        },
      },
    },
  },
  '/metrics': {
    get: {
      tags: ['Operation'],
      operationId: 'metrics',
      summary: 'Metrics for Prometheus',
      description: 'With `METRICS_TOKEN` set, only with that token.',
      security: [{ metricsToken: [] }, {}],
      responses: {
        '200': { description: 'The text format of Prometheus.', ...text({ type: 'string' }) },
        '401': {
          description: 'Without the token, where one is set.',
          headers: CHALLENGE,
          ...json(
            { type: 'object', required: ['error'], properties: { error: { const: 'unauthorized' } } },
            { error: 'unauthorized' },
          ),
        },
      },
    },
  },
  '/openapi.json': {
    get: {
      tags: ['Operation'],
      operationId: 'openapi',
      summary: 'This document',
      security: [],
      responses: {
        '200': { description: 'OpenAPI 3.1.', ...json({ type: 'object', required: ['openapi'] }) },
      },
    },
  },
};
