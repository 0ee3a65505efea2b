import { CombinedGraphQLErrors } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { OperationTypeNode } from 'graphql';
import { from, mergeMap } from 'rxjs';
import type { ConfirmationReason, IdentityConfirmation } from './identity-confirmation.ts';

/** Operation context: a sensitive operation is refused like any other, because its caller asks the user to confirm. */
export const WITHOUT_CONFIRMATION = { withoutConfirmation: true };

/** Why the server wants the user to confirm first. Null: it refused for another reason. */
function reasonIn(error: unknown): ConfirmationReason | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const refusal = error.errors.find(({ extensions }) => extensions?.code === 'REAUTHENTICATION_REQUIRED');
  return refusal ? { kind: 'change', since: Date.parse(String(refusal.extensions?.authenticatedAt)) } : null;
}

/**
 * Asks the user to confirm where a mutation needs a newer sign-in, and then sends the very same mutation once more. The
 * caller waits, and sees only its answer; or a NotConfirmedError.
 */
export const createConfirmationLink = (confirmation: IdentityConfirmation): ErrorLink =>
  new ErrorLink(({ error, operation, forward }) => {
    const { withoutConfirmation } = operation.getContext() as Partial<typeof WITHOUT_CONFIRMATION>;
    const reason = reasonIn(error);
    if (!reason || withoutConfirmation || operation.operationType !== OperationTypeNode.MUTATION)
      return undefined;
    return from(confirmation.ask(reason)).pipe(
      mergeMap(() => {
        // The access token may have expired while the dialog was open.
        operation.setContext({ isRetry: false });
        return forward(operation);
      }),
    );
  });

/**
 * The same for a task that may not wait inside, because of what it does around its operations. They have the context
 * WITHOUT_CONFIRMATION. @throws what the task throws; NotConfirmedError, SessionOverError
 */
export async function withConfirmation<T>(
  confirmation: IdentityConfirmation,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const reason = reasonIn(error);
    if (!reason) throw error;
    await confirmation.ask(reason);
    return task();
  }
}
