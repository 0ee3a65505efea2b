import { useCallback, useState } from 'react';
import { readJson, tabStorage } from './browser-storage.ts';

const PREFIX = 'curfew.draft.';

const keyOf = (userId: string, form: string): string => `${PREFIX}${userId}.${form}`;

/**
 * Unsaved form input, stored per user in this tab, so that it survives the end of the session and a new sign-in of that
 * user. Not for passwords. `null`: no unsaved input.
 */
export function useDraft<T>(userId: string, form: string): [T | null, (draft: T | null) => void] {
  const key = keyOf(userId, form);
  const [draft, setDraft] = useState(() => readJson(tabStorage, key) as T | null);
  // Stored at once, not in an effect: saving may end the session, which unmounts the form before the next render.
  const store = useCallback(
    (next: T | null) => {
      if (next === null) tabStorage.remove(key);
      else tabStorage.set(key, JSON.stringify(next));
      setDraft(next);
    },
    [key],
  );
  return [draft, store];
}

/** Whether this tab stores unsaved input of any user. */
export const hasDrafts = (): boolean => tabStorage.keys().some((key) => key.startsWith(PREFIX));

/** Discards the unsaved input of other users when a user signs in. */
export function discardDraftsOfOthers(userId: string): void {
  for (const key of tabStorage.keys()) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${userId}.`)) tabStorage.remove(key);
  }
}
