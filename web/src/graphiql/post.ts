import type { ExecutionResult } from 'graphql';

export interface GraphQLRequest {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

/** Never throws: every failure becomes a result with an error message, which GraphiQL shows as it is. */
export async function post(
  request: GraphQLRequest,
  headers: Record<string, string>,
  signal?: AbortSignal,
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
      signal,
    });
  } catch {
    return errorResult(`No response from ${location.origin}. Is Curfew running?`);
  }
  try {
    return (await response.json()) as ExecutionResult;
  } catch {
    return errorResult(
      `The server answered ${response.status} ${response.statusText}`.trim() + ', but not with JSON.',
    );
  }
}

export function errorResult(message: string, extensions?: Record<string, unknown>): ExecutionResult {
  // A plain object, because a GraphQLError would also show its stack and locations.
  return { errors: [extensions ? { message, extensions } : { message }] } as unknown as ExecutionResult;
}
