import { GraphQLScalarType, GraphQLError } from 'graphql';
import { JSONObjectResolver } from 'graphql-scalars';

/** RFC 3339 in UTC with milliseconds. Only ever sent: no argument of the schema is a DateTime. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new GraphQLError('DateTime cannot represent this value.');
  },
});

export const JSONObject = JSONObjectResolver;
