import { CurfewError, unavailable } from './curfew-error.ts';
import type { HttpAnswer, HttpCalls } from './http-calls.ts';

export interface GraphQLCalls {
  /** @throws CurfewError with Curfew's code, or UNAVAILABLE */
  call<T>(query: string, variables: object, options?: { isRepeatable?: boolean }): Promise<T>;
}

interface RefusalBody {
  message: string;
  extensions?: { code?: string } & Record<string, unknown>;
}

/** Codes that say nothing about the request. */
const TEMPORARY = new Set(['UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'RATE_LIMITED']);

export function createGraphQLCalls(http: HttpCalls): GraphQLCalls {
  return {
    async call<T>(query: string, variables: object, options?: { isRepeatable?: boolean }) {
      const text = JSON.stringify({ query, variables });
      const answer = await http.post('/graphql', { type: 'application/json', text }, options);
      return readAnswer(answer) as T;
    },
  };
}

function readAnswer({ status, body }: HttpAnswer): Record<string, unknown> {
  if (status >= 500 || status === 429) throw unavailable(`Curfew answered with status ${status}.`);
  const { data, errors } = (body ?? {}) as Record<string, unknown>;
  const error = Array.isArray(errors) ? (errors as (RefusalBody | null)[])[0] : null;
  if (error?.extensions?.code !== undefined) {
    const { code, ...details } = error.extensions;
    throw new CurfewError(TEMPORARY.has(code) ? 'UNAVAILABLE' : code, error.message, { details });
  }
  // Every error of Curfew has a code, and every other answer has data.
  if (error || !hasFields(data))
    throw unavailable(`What answered with status ${status} is not Curfew: is url its address?`);
  return data;
}

/** Every field that the kit asks for is there. Anything else, such as `[]`, did not come from Curfew. */
function hasFields(data: unknown): data is Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return false;
  const fields = Object.values(data);
  return fields.length > 0 && fields.every((field) => field != null);
}
