import { GraphQLScalarType, GraphQLError, Kind } from 'graphql';
import { JSONObjectResolver } from 'graphql-scalars';
import { toRfc3339 } from '../database/instants.ts';
import { readRfc3339 } from '../rfc3339.ts';

/** The error does not repeat the value, which may hold anything. */
function toMoment(value: unknown): Date {
  const moment = typeof value === 'string' ? readRfc3339(value) : null;
  if (moment) return moment;
  throw new GraphQLError('DateTime cannot represent a value that is not an RFC 3339 date-time.');
}

/** An RFC 3339 date-time: sent in UTC with milliseconds, accepted with any offset. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date) return toRfc3339(value);
    throw new GraphQLError('DateTime cannot represent this value.');
  },
  parseValue: toMoment,
  parseLiteral: (node) => toMoment(node.kind === Kind.STRING ? node.value : undefined),
});

export const JSONObject = JSONObjectResolver;
