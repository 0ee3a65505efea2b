import { z } from 'zod';
import { fault } from './fault.ts';
import { matching, trueOrFalse, wholeNumber } from './formats.ts';

export const database = {
  DATABASE_URL: z
    .string()
    .optional()
    .describe(
      "PostgreSQL 14 or newer, UTF-8. libpq's parameters and PG* variables count (docs/databases.md). By default an embedded database in DATA_DIR.",
    ),
  DATABASE_SCHEMA: matching(
    /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/,
    'is not a valid name',
    'up to 63 lower-case letters, digits and _, not beginning with a digit or pg_',
  )
    .optional()
    .describe("The schema of the tables, which exists. By default the first of the role's search_path."),
  DATABASE_POOL_MAX: wholeNumber(2, 1000)
    .prefault('16')
    .describe('Connections of this node at most, and one more for events without REDIS_URL.'),
  DATABASE_PREPARED_STATEMENTS: trueOrFalse()
    .prefault('true')
    .describe('false behind a pooler in transaction mode that keeps none, such as PgBouncer before 1.21.'),
  DATA_DIR: matching(/\S/, 'is blank', 'the path of a folder')
    .prefault('.data')
    .describe('The folder of the embedded database and its generated secrets.'),
};

export const redis = {
  REDIS_URL: z
    .string()
    .refine(
      (text) => /^rediss?:\/\/[^/?#]/.test(text) && URL.canParse(text),
      fault('is not a Redis URL', 'redis:// or rediss://user:password@host:port (percent-encoded)'),
    )
    .optional()
    .describe(
      'Redis 6 or newer, which carries events between nodes and counts failed sign-ins. By default PostgreSQL does both.',
    ),
};
