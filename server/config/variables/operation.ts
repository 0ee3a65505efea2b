import { z } from 'zod';
import { fault } from './fault.ts';
import { choice, matching, trueOrFalse } from './formats.ts';

const isHttpUrl = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

export const operation = {
  NODE_ENV: choice(['development', 'test', 'production'])
    .optional()
    .describe(
      'production requires PUBLIC_URL with https and refuses demo data, generated secrets, COOKIE_SECURE=false and TRUST_PROXY=true.',
    ),
  DEMO: trueOrFalse()
    .optional()
    .describe(
      'Whether a demo account is created. By default true on the embedded database with a loopback HOST, outside production.',
    ),
  METRICS_TOKEN: matching(
    /^[\x21-\x7e]{16,}$/,
    'is too short or has characters that no header carries',
    'at least 16 visible ASCII characters',
  )
    .optional()
    .describe('The bearer token that /metrics requires. By default it requires none.'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .describe('The lowest level of messages to log.'),
  LOG_REQUESTS: trueOrFalse()
    .prefault('false')
    .describe(
      'Whether each request writes one line to the log, at level info. It names the route, never the path.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .refine(isHttpUrl, fault('is not a URL', 'http(s)://host:port of a collector'))
    .optional()
    .describe(
      "Where traces are sent, by OTLP. By default there are none. OpenTelemetry's other variables count, too: OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, ...",
    ),
};
