import fc from 'fast-check';
import { SECOND } from '../refresh/session-rows.ts';
import { report, timeLimit } from '../size.ts';
import { NO_POLICY, type AccountModel } from './account-model.ts';
import { anyCommands } from './commands/all.ts';
import { signIn } from './commands/command.ts';
import { compare, expectNoTokenStored, type Real, type Tally } from './comparison.ts';
import type { Installation } from './installation.ts';

/** A new account with an owner and a signed-in member. */
async function begin(installation: Installation, tally: Tally): Promise<{ model: AccountModel; real: Real }> {
  const { clock } = installation;
  // Whole seconds, so that a seed repeats to the millisecond.
  clock.advance(SECOND - (clock.now().getTime() % SECOND));
  const app = installation.node(0);
  const account = await app.seed.account();
  const member = await account.addUser();
  const model: AccountModel = {
    accountId: account.id,
    users: [
      { id: member.id, email: member.email, role: 'MEMBER' },
      { id: account.owner.id, email: account.owner.email, role: 'OWNER' },
    ],
    sessions: [],
    policy: NO_POLICY,
    policyVersion: 0,
    audit: [],
  };
  const real: Real = { installation, subscribers: [], tally };
  await signIn(model, real, model.users[0]!, 0);
  return { model, real };
}

/** Runs random commands against an installation and the model. */
export async function runModel(
  suite: string,
  installation: Installation,
  { runs, seed }: { runs: number; seed: number },
): Promise<void> {
  const started = performance.now();
  let done = 0;
  const tally: Tally = new Map();
  try {
    await fc.assert(
      fc.asyncProperty(anyCommands(), async (sequence) => {
        const { model, real } = await begin(installation, tally);
        try {
          await fc.asyncModelRun(async () => ({ model, real }), sequence);
          await compare(model, real, null);
          await expectNoTokenStored(model, real);
        } finally {
          for (const { raw } of real.subscribers) raw.socket.terminate();
        }
        done += 1;
      }),
      { numRuns: runs, seed, interruptAfterTimeLimit: timeLimit - 10_000, markInterruptAsFailure: true },
    );
  } finally {
    const seconds = Math.round((performance.now() - started) / 1000);
    report(suite, { seed, runs: done, seconds, ...Object.fromEntries([...tally].sort()) });
  }
}
