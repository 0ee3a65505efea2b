import { useCallback, useMemo, useState } from 'react';
import type { SelectedSession } from './sign-out-messages.ts';

export interface Selection {
  selected: readonly SelectedSession[];
  has(id: string): boolean;
  add(sessions: readonly SelectedSession[]): void;
  drop(ids: readonly string[]): void;
  clear(): void;
}

/** The sessions that the reader has chosen to sign out together. */
export function useSelection(): Selection {
  const [byId, setById] = useState<ReadonlyMap<string, SelectedSession>>(new Map());
  const add = useCallback(
    (sessions: readonly SelectedSession[]) =>
      setById((all) => new Map([...all, ...sessions.map((each) => [each.session.id, each] as const)])),
    [],
  );
  const drop = useCallback(
    (ids: readonly string[]) =>
      setById((all) =>
        ids.some((id) => all.has(id)) ? new Map([...all].filter(([id]) => !ids.includes(id))) : all,
      ),
    [],
  );
  const clear = useCallback(() => setById(new Map()), []);
  return useMemo(
    () => ({ selected: [...byId.values()], has: (id) => byId.has(id), add, drop, clear }),
    [byId, add, drop, clear],
  );
}

/** Of a list in which nothing can be chosen. */
export const NO_SELECTION: Selection = {
  selected: [],
  has: () => false,
  add: () => {},
  drop: () => {},
  clear: () => {},
};
