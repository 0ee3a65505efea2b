import type { ExecutionResult } from 'graphql';

export interface GraphQLRequest {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

/** Never throws: whatever goes wrong is a result with an error in words, which GraphiQL shows as it is. */
export async function post(
  request: GraphQLRequest,
  headers: Record<string, string>,
): Promise<ExecutionResult> {
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(request),
    });
  } catch {
    return problem(`No answer from ${location.origin}. Is Curfew running?`);
  }
  try {
    return (await response.json()) as ExecutionResult;
  } catch {
    return problem(
      `The server answered ${response.status} ${response.statusText}`.trim() + ', and not with JSON.',
    );
  }
}

export function problem(message: string, extensions?: Record<string, unknown>): ExecutionResult {
  // A plain object on purpose: a GraphQLError would print its stack and locations.
  return { errors: [extensions ? { message, extensions } : { message }] } as unknown as ExecutionResult;
}
