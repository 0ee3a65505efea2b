import { type SessionEnding } from './session-state.ts';

/** There is no session any more, and only a new sign-in helps. `ending` is null where there was none to begin with. */
export class SessionOverError extends Error {
  readonly ending: SessionEnding | null;

  constructor(ending: SessionEnding | null) {
    super('The session is over.');
    this.name = 'SessionOverError';
    this.ending = ending;
  }
}
