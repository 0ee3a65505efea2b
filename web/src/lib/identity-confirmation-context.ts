import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ConfirmationRequest, IdentityConfirmation } from './identity-confirmation.ts';

export const IdentityConfirmationContext = createContext<IdentityConfirmation | null>(null);

/** Asks the user to confirm that it is them. */
export function useIdentityConfirmation(): IdentityConfirmation {
  const confirmation = useContext(IdentityConfirmationContext);
  if (!confirmation) throw new Error('The page has no IdentityConfirmationContext.');
  return confirmation;
}

/** What the user is asked to confirm for now. Null: nothing. */
export function useConfirmationRequest(): ConfirmationRequest | null {
  const { subscribe, getRequest } = useIdentityConfirmation();
  return useSyncExternalStore(subscribe, getRequest);
}
