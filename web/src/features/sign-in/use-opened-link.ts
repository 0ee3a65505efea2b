import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import {
  OpenPasswordLinkDocument,
  type OpenPasswordLinkMutation,
} from '../../generated/sign-in-operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import { ask } from './ask.ts';
import { setPasswordRefusalOf } from './set-password-refusal.ts';

export type LinkOwner = OpenPasswordLinkMutation['openPasswordLink'];

export type OpenedLink =
  | { kind: 'opening' }
  | { kind: 'live'; owner: LinkOwner }
  /** Used, replaced, expired or invented. */
  | { kind: 'dead' }
  /** Too many attempts, or no response: the link may be opened again. */
  | { kind: 'failed'; problem: Problem };

/** Asks once, on arrival, for whom the link is: a wrong one counts as a failed attempt. */
export function useOpenedLink(token: string): { opened: OpenedLink; openAgain: () => void } {
  const client = useApolloClient();
  const [opened, setOpened] = useState<OpenedLink>({ kind: 'opening' });
  // An effect may run twice.
  const hasBegun = useRef(false);

  async function open() {
    setOpened({ kind: 'opening' });
    try {
      const { openPasswordLink } = await ask(client, OpenPasswordLinkDocument, { token });
      setOpened({ kind: 'live', owner: openPasswordLink });
    } catch (error) {
      const problem = problemOf(error);
      const isDead = setPasswordRefusalOf(problem).kind === 'link-invalid';
      setOpened(isDead ? { kind: 'dead' } : { kind: 'failed', problem });
    }
  }

  const openOnArrival = useEffectEvent(open);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    void openOnArrival();
  }, []);

  return { opened, openAgain: () => void open() };
}
