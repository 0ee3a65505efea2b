import { type BrowserEnv } from '../browser/browser-env.ts';
import { type Dismissal } from '../core/state.ts';
import { createStoredValue } from './stored-value.ts';

/** The dismissed warning of this tab, kept over a reload. */
export interface DismissalStore {
  read(): Dismissal | null;
  write(dismissal: Dismissal | null): void;
}

export function createDismissalStore(env: Pick<BrowserEnv, 'sessionStorage'>, name: string): DismissalStore {
  const stored = createStoredValue(env.sessionStorage, `${name}:dismissed`);
  return {
    read() {
      const [sessionId, deadline] = stored.read()?.split(' ') ?? [];
      return sessionId === undefined ? null : { sessionId, deadline: Number(deadline) };
    },
    write(dismissal) {
      if (dismissal) stored.write(`${dismissal.sessionId} ${dismissal.deadline}`);
      else stored.clear();
    },
  };
}
