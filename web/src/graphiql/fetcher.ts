import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { type DocumentNode, type ExecutionResult, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type ConnectionParams, type Observer, subscribe } from './subscriptions.ts';
import { errorResult, post } from './post.ts';
import { type AuthSelection, signIn, type SignIn } from './sign-in-store.ts';
import { staleSignIn } from './stale-sign-in.ts';

const SIGN_IN_FIELDS = new Set([
  'login',
  'setPassword',
  'completeOAuthLogin',
  'refreshSession',
  'reauthenticate',
]);

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
  const own = me.kind !== 'out' && !authorizationIn(typed) ? me : null;
  const result = await postAs(own, params, typed);
  if (operation)
    for (const [field, value] of payloads(operation, result)) updateSignIn(field, value, own !== null);
  if (own && own === signIn.get()) handleRejection(result);
  staleSignIn.set(own !== null && hasCode(result, 'REAUTHENTICATION_REQUIRED'));
  return result;
}

async function postAs(
  own: Exclude<SignIn, { kind: 'out' }> | null,
  params: FetcherParams,
  typed: Record<string, string>,
): Promise<ExecutionResult> {
  const postWith = (token: string) => post(params, { ...typed, authorization: `Bearer ${token}` });
  if (own === null) return post(params, typed);
  if (own.kind === 'in') return postWith(own.accessToken);
  try {
    const token = await own.getAccessToken();
    if (token === null) return errorResult('The dashboard’s session has ended.');
    const result = await postWith(token);
    if (!hasCode(result, 'UNAUTHENTICATED')) return result;
    const next = await own.getAccessToken(token);
    return next === null ? result : await postWith(next);
  } catch {
    return errorResult(`No response from ${location.origin}. Is Curfew running?`);
  }
}

const hasCode = ({ errors }: ExecutionResult, code: string): boolean =>
  errors?.some(({ extensions }) => extensions?.code === code) ?? false;

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
  connectionParams: ConnectionParams;
  sessionId: string | null;
} {
  const authorization = authorizationIn(typed);
  if (authorization) {
    // What is typed takes precedence over the sign-in of this page, as it does by POST.
    const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? authorization;
    // An access token is a JWT, which has dots. A service key has none.
    const key = bearer.includes('.') ? 'accessToken' : 'serviceKey';
    return { connectionParams: { [key]: bearer }, sessionId: null };
  }
  const me = signIn.get();
  switch (me.kind) {
    case 'out':
      return { connectionParams: {}, sessionId: null };
    case 'in':
      return { connectionParams: { accessToken: me.accessToken }, sessionId: me.sessionId };
    case 'shared':
      return {
        connectionParams: async () => ({ accessToken: await me.getAccessToken() }),
        sessionId: me.sessionId,
      };
  }
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
