import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { type DocumentNode, type ExecutionResult, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type Observer, subscribe } from './live.ts';
import { post } from './post.ts';
import { type AuthAnswer, signIn } from './signed-in.ts';

const signsIn = new Set(['login', 'setPassword', 'completeOAuthLogin', 'refreshSession']);

/** Queries and mutations by POST, subscriptions by WebSocket, both as whoever signed in through this page. */
export const fetcher: Fetcher = (given, options) => {
  const typed = asHeaders(options?.headers);
  // The schema is public, and loading it must not fail because of a token that has expired.
  if (given.operationName === 'IntrospectionQuery') return post(given, typed);

  // GraphiQL's own reading of the document lags behind the editor: right after a change of the tab it names the
  // operation of the tab before.
  const operation = findOperation(given);
  const params = { ...given, operationName: operation ? operation.name?.value : given.operationName };
  if (operation?.operation === 'subscription') {
    const { connectionParams, sessionId } = connectAs(typed);
    const start = (observer: Observer) => ({
      unsubscribe: subscribe(params, connectionParams, sessionId, observer),
    });
    // GraphiQL passes an observer; the other two forms of its type are never used.
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
  if (operation) for (const [field, value] of payloads(operation, result)) follow(field, value, own !== null);
  if (own && own === signIn.get()) noticeRefusal(result);
  return result;
}

function follow(field: string, value: unknown, asMe: boolean): void {
  if (signsIn.has(field)) {
    signIn.remember(value as AuthAnswer);
    void askName();
  } else if (field === 'logout' && asMe) {
    signIn.forget('Signed out.');
  }
}

/** Once the session itself is over, its token can only be refused; one that has merely expired can be renewed. */
function noticeRefusal(result: ExecutionResult): void {
  const refusal = result.errors?.find((error) => error.extensions?.code === 'UNAUTHENTICATED');
  const reason = refusal?.extensions?.endReason;
  if (typeof reason === 'string') signIn.forget(`Your session has ended: ${reason}.`);
}

/** The status line needs a name, also where the user's own selection left it out. */
async function askName(): Promise<void> {
  const me = signIn.get();
  if (me.kind !== 'in' || me.email !== null) return;
  const result = await post({ query: '{ viewer { email } }' }, { authorization: `Bearer ${me.accessToken}` });
  const viewer = result.data?.viewer as { email: string } | null | undefined;
  if (viewer) signIn.nameIs(me.sessionId, viewer.email);
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

/** Null where the text is no document or leaves open which operation is meant: the server has the words for that. */
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

/** The answered top-level fields by their real names, whatever aliases the user gave them. */
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
