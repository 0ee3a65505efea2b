import type { Call } from './load.ts';

/** Returns a `POST /graphql` with a bearer token. `token` null: without one. */
export const graphqlCall = (token: string | null, query: string, variables: unknown = {}): Call => ({
  path: '/graphql',
  headers: {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify({ query, variables }),
});

/** Sends one call outside of any load. @throws for an answer with errors */
export async function ask<T>(url: string, { path, headers, body }: Call): Promise<T> {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
  const answer = (await response.json()) as { data: T; errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
