import { useCallback, useState } from 'react';

const PREFIX = 'curfew.draft.';

const keyOf = (userId: string, form: string): string => `${PREFIX}${userId}.${form}`;

/**
 * Form input that is not saved yet: kept for this user in this tab, so that it is still there after the session has
 * ended and the same user has signed in again. Never for passwords. `null`: nothing was typed that is not saved.
 */
export function useDraft<T>(userId: string, form: string): [T | null, (draft: T | null) => void] {
  const key = keyOf(userId, form);
  const [draft, setDraft] = useState<T | null>(() => read<T>(key));
  // Stored at once, not in an effect: what was saved may end the session, and the form is gone before the next render.
  const keep = useCallback(
    (next: T | null) => {
      if (next === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
      setDraft(next);
    },
    [key],
  );
  return [draft, keep];
}

/** Whether something unsaved is kept in this tab, whoever's it is. */
export const hasDrafts = (): boolean => Object.keys(sessionStorage).some((key) => key.startsWith(PREFIX));

/** What others left unsaved in this tab is not for whoever signs in after them. */
export function forgetDraftsOfOthers(userId: string): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${userId}.`)) sessionStorage.removeItem(key);
  }
}

function read<T>(key: string): T | null {
  try {
    const stored = sessionStorage.getItem(key);
    return stored === null ? null : (JSON.parse(stored) as T);
  } catch {
    return null;
  }
}
