import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, InMemoryCache } from '@apollo/client';
import { of } from 'rxjs';
import { jest } from '@jest/globals';
import { type IdentityConfirmation, NotConfirmedError } from './identity-confirmation.ts';
import { problemOf } from './problem.ts';
import { createConfirmationLink, WITHOUT_CONFIRMATION, withConfirmation } from './sensitive-operation.ts';

const AT = '2026-11-23T14:00:00.000Z';
const SAVE = gql`
  mutation Save($name: String) {
    save(name: $name)
  }
`;
const READ = gql`
  query Read {
    read
  }
`;
const REFUSED = {
  data: null,
  errors: [{ message: 'No.', extensions: { code: 'REAUTHENTICATION_REQUIRED', authenticatedAt: AT } }],
};

/** A server that refuses the first answers, and a user who confirms or not. */
function setUp({ refusals = 1, confirms = true } = {}) {
  const sent: { variables: unknown; isRetry: unknown }[] = [];
  const ask = jest.fn<IdentityConfirmation['ask']>(async () => {
    if (!confirms) throw new NotConfirmedError();
  });
  const server = new ApolloLink((operation) => {
    const { variables } = operation;
    sent.push({ variables, isRetry: operation.getContext().isRetry as unknown });
    // As after a refused access token.
    operation.setContext({ isRetry: true });
    return of(sent.length <= refusals ? REFUSED : { data: { save: 'saved', read: 'read' } });
  });
  const confirmation = { ask } as unknown as IdentityConfirmation;
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([createConfirmationLink(confirmation), server]),
  });
  const save = (context = {}) => client.mutate({ mutation: SAVE, variables: { name: 'Noor' }, context });
  return { client, sent, ask, confirmation, save };
}

test('the same mutation is sent once more after the user has confirmed, and its answer is the only one', async () => {
  const { save, sent, ask } = setUp();
  expect((await save()).data).toEqual({ save: 'saved' });
  expect(sent).toEqual([
    { variables: { name: 'Noor' }, isRetry: undefined },
    { variables: { name: 'Noor' }, isRetry: false },
  ]);
  expect(ask.mock.calls).toEqual([[{ kind: 'change', since: Date.parse(AT) }]]);
});

test('it is not sent twice more', async () => {
  const { save, sent, ask } = setUp({ refusals: 5 });
  expect(CombinedGraphQLErrors.is(await save().catch((error: unknown) => error))).toBe(true);
  expect([sent.length, ask.mock.calls.length]).toEqual([2, 1]);
});

test('a user who does not confirm changes nothing', async () => {
  const { save, sent } = setUp({ confirms: false });
  const error: unknown = await save().catch((refusal: unknown) => refusal);
  expect(problemOf(error)).toEqual({ kind: 'not-confirmed' });
  expect(sent).toHaveLength(1);
});

test('a query, and a mutation whose caller asks itself, are refused like any other', async () => {
  const { client, save, ask } = setUp({ refusals: 5 });
  for (const run of [() => client.query({ query: READ }), () => save(WITHOUT_CONFIRMATION)])
    expect(problemOf(await run().catch((error: unknown) => error))).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
  expect(ask).not.toHaveBeenCalled();
});

test('a task that may not wait inside is run again as a whole', async () => {
  const { save, confirmation, sent } = setUp();
  const steps: string[] = [];
  const task = async () => {
    steps.push('begin');
    try {
      return await save(WITHOUT_CONFIRMATION);
    } finally {
      steps.push('end');
    }
  };
  expect((await withConfirmation(confirmation, task)).data).toEqual({ save: 'saved' });
  expect(steps).toEqual(['begin', 'end', 'begin', 'end']);
  expect(sent).toHaveLength(2);
  const other = new Error('another problem');
  await expect(withConfirmation(confirmation, () => Promise.reject(other))).rejects.toBe(other);
});
