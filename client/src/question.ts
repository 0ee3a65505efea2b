import { type BrowserEnv } from './browser-env.ts';

/** Asks the server how things stand: many reasons, one question at a time. */
export interface Question {
  /** Resolves when the answer is in, or is not to be had. Never rejects. */
  ask(): Promise<void>;
  /** Asks, and holds what is shown until the answer is in, for three seconds at most. */
  askFirst(): Promise<void>;
  stop(): void;
}

const PATIENCE_MS = 3_000;

export function createQuestion(dependencies: {
  env: Pick<BrowserEnv, 'setTimeout' | 'clearTimeout'>;
  put(): Promise<void>;
  onHold(isHeld: boolean): void;
  /** No answer so far, and somebody waits to see something. */
  onPatienceOver(): void;
}): Question {
  const { env, put, onHold, onPatienceOver } = dependencies;
  let underWay: Promise<void> | null = null;
  let patience: unknown = null;

  function release(): void {
    if (patience === null) return;
    env.clearTimeout(patience);
    patience = null;
    onHold(false);
  }

  function ask(): Promise<void> {
    if (underWay) return underWay;
    const mine = put().finally(() => {
      if (underWay === mine) underWay = null;
    });
    underWay = mine;
    return mine;
  }

  return {
    ask,
    async askFirst() {
      if (patience === null) {
        patience = env.setTimeout(() => {
          release();
          onPatienceOver();
        }, PATIENCE_MS);
        onHold(true);
      }
      // A question from before tells how things stood then.
      await underWay;
      await ask();
      release();
    },
    stop() {
      env.clearTimeout(patience);
      patience = null;
      underWay = null;
    },
  };
}
