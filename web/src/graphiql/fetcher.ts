import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { type DocumentNode, type ExecutionResult, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type Observer, subscribe } from './subscriptions.ts';
import { post } from './post.ts';
import { type AuthSelection, signIn } from './sign-in-store.ts';

const SIGN_IN_FIELDS = new Set(['login', 'setPassword', 'completeOAuthLogin', 'refreshSession']);

/** Sends queries and mutations by POST and subscriptions by WebSocket, with the token of this page's sign-in. */
export const fetcher: Fetcher = (given, options) => {
  const typed = asHeaders(options?.headers);
  // The schema is public. Loading it must not fail because of an expired token.
  if (given.operationName === 'IntrospectionQuery') return post(given, typed);

  // GraphiQL's operation name lags behind the editor: right after a change of tab it names the previous operation.
  const operation = findOperation(given);
  const params = { ...given, operationName: operation ? operation.name?.value : given.operationName };
  if (operation?.operation === 'subscription') {
    const { connectionParams, sessionId } = connectAs(typed);
    const start = (observer: Observer) => ({
      unsubscribe: subscribe(params, connectionParams, sessionId, observer),
    });
    // GraphiQL always passes an observer, never the other two forms of the type.
    return { subscribe: start } as Observable<ExecutionResult>;
  }
  return send(params, typed, operation);
};

async function send(
  params: FetcherParams,
  typed: Record<string, string>,
  operation: OperationDefinitionNode | null,
): Promise<ExecutionResult> {
  const me = signIn.get();
  const own = me.kind === 'in' && !authorizationIn(typed) ? me : null;
  const result = await post(params, own ? { ...typed, authorization: `Bearer ${own.accessToken}` } : typed);
  if (operation)
    for (const [field, value] of payloads(operation, result)) updateSignIn(field, value, own !== null);
  if (own && own === signIn.get()) handleRejection(result);
  return result;
}

function updateSignIn(field: string, value: unknown, isOwn: boolean): void {
  if (SIGN_IN_FIELDS.has(field)) {
    signIn.remember(value as AuthSelection);
    void loadEmail();
  } else if (field === 'logout' && isOwn) {
    signIn.forget('Signed out.');
  }
}

/** Forgets the tokens when the session itself has ended. After a mere expiry they can be refreshed. */
function handleRejection(result: ExecutionResult): void {
  const rejection = result.errors?.find((error) => error.extensions?.code === 'UNAUTHENTICATED');
  const reason = rejection?.extensions?.endReason;
  if (typeof reason === 'string') signIn.forget(`Your session has ended: ${reason}.`);
}

/** Loads the e-mail address for the status line when the user's selection did not include it. */
async function loadEmail(): Promise<void> {
  const me = signIn.get();
  if (me.kind !== 'in' || me.email !== null) return;
  const result = await post({ query: '{ viewer { email } }' }, { authorization: `Bearer ${me.accessToken}` });
  const viewer = result.data?.viewer as { email: string } | null | undefined;
  if (viewer) signIn.setEmail(me.sessionId, viewer.email);
}

function connectAs(typed: Record<string, string>): {
  connectionParams: Record<string, unknown>;
  sessionId: string | null;
} {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorizationIn(typed) ?? '')?.[1];
  if (bearer) {
    const key = bearer.startsWith('cfk_') ? 'serviceKey' : 'accessToken';
    return { connectionParams: { [key]: bearer }, sessionId: null };
  }
  const me = signIn.get();
  if (me.kind === 'out') return { connectionParams: {}, sessionId: null };
  return { connectionParams: { accessToken: me.accessToken }, sessionId: me.sessionId };
}

function asHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function authorizationIn(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}

/** Null where the text is invalid or the operation ambiguous; the server then returns the error. */
function findOperation({ query, operationName }: FetcherParams): OperationDefinitionNode | null {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return null;
  }
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const named = operations.find((operation) => operation.name?.value === operationName);
  return (operations.length === 1 ? operations[0] : named) ?? null;
}

/** The top-level fields of the result by their schema names, without aliases. */
function* payloads(
  operation: OperationDefinitionNode,
  result: ExecutionResult,
): Generator<[string, unknown]> {
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const value = result.data?.[selection.alias?.value ?? selection.name.value];
    if (value) yield [selection.name.value, value];
  }
}
