import { CurfewError, unavailable } from './curfew-error.ts';
import type { HttpAnswer, HttpCalls } from './http-calls.ts';

export interface GraphQLCalls {
  /** @throws CurfewError with Curfew's code, or UNAVAILABLE */
  call<T>(query: string, variables: object, options?: { isRepeatable?: boolean }): Promise<T>;
}

interface Body {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string } & Record<string, unknown> }[];
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
  const { data, errors } = (body ?? {}) as Body;
  const [error] = errors ?? [];
  if (error) {
    const { code = 'INTERNAL_SERVER_ERROR', ...details } = error.extensions ?? {};
    throw new CurfewError(TEMPORARY.has(code) ? 'UNAVAILABLE' : code, error.message, { details });
  }
  if (!data) throw unavailable(`Curfew answered with status ${status} and no data.`);
  return data;
}
