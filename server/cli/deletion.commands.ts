import { setTimeout as pause } from 'node:timers/promises';
import { createAccountDeletion } from '../deletion/delete-account.ts';
import { createUserDeletion } from '../deletion/delete-user.ts';
import { createEraser } from '../deletion/eraser.ts';
import { readEmail } from '../email.ts';
import type { RedisConnection } from '../events/redis.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { createAccountRevocation } from '../sessions/account-revocation.ts';
import { createPendingChanges } from '../sessions/pending-changes.ts';
import type { FailureCounters } from '../sign-in/failure-counters.ts';
import { openFailureCounters } from '../sign-in/open-failure-counters.ts';
import { createThrottle } from '../sign-in/throttle.ts';
import { UsageError } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print } from './output.ts';

const deleteUserCommand: Command = {
  usage: '(--email EMAIL or --user ID) [--json]',
  summary: 'Deletes a user for good: their sessions end, and their personal data is removed.',
  optional: ['email', 'user'],
  flags: [JSON_FLAG],
  prepare(given) {
    const [email, id] = [given.text('email'), given.text('user')];
    if ((email === null) === (id === null)) throw new UsageError('Give either --email EMAIL or --user ID.');
    return (context) =>
      withEraser(context, async (parts) => {
        const user = id === null ? { signInEmail: readEmail(email!) ?? '' } : { id: id.toLowerCase() };
        const erasure = await createUserDeletion(parts).asOperator(user);
        const { userId, accountId } = erasure;
        const isErased = await parts.eraser.eraseWholly(erasure);
        const what = `user ${userId} of account ${accountId}`;
        return print(given, { userId, accountId, isErased }, () => sentenceOf(what, isErased));
      });
  },
};

const deleteAccountCommand: Command = {
  usage: '--account ID --confirm-name NAME [--json]',
  summary: 'Deletes an account with all its users for good. NAME is its name, to the letter.',
  required: ['account', 'confirm-name'],
  flags: [JSON_FLAG],
  prepare: (given) => (context) =>
    withEraser(context, async (parts) => {
      const { database, bus } = parts;
      const pendingChanges = createPendingChanges({ ...context, bus });
      const accountRevocation = createAccountRevocation({ bus, pendingChanges });
      try {
        const deletion = createAccountDeletion({ ...parts, database, accountRevocation });
        const accountId = given.required('account').toLowerCase();
        const erasure = await deletion.asOperator(accountId, given.required('confirm-name'));
        const isErased = await parts.eraser.eraseWholly(erasure);
        return print(given, { accountId, isErased }, () => sentenceOf(`account ${accountId}`, isErased));
      } finally {
        await pendingChanges.stop();
      }
    }),
};

export const deletionCommands: Record<string, Command> = {
  'delete-user': deleteUserCommand,
  'delete-account': deleteAccountCommand,
};

const sentenceOf = (what: string, isErased: boolean): string =>
  isErased
    ? `${what} is deleted and their personal data is erased.`
    : `${what} is deleted. A server is erasing their personal data.`;

async function withEraser(
  context: CommandContext,
  run: (parts: ReturnType<typeof partsOf>) => Promise<string>,
): Promise<string> {
  return withSessionBus(context, async (bus, redis) => {
    const parts = partsOf(context, bus, redis);
    try {
      await untilCountersWork(parts.counters);
      return await run(parts);
    } finally {
      await parts.eraser.stop();
      parts.counters.stop();
    }
  });
}

function partsOf(context: CommandContext, bus: SessionBus, redis: RedisConnection | null) {
  const { database, audit, logger, publicUrl, clock, sensitiveMaxAgeSeconds } = context;
  const counters = openFailureCounters({ database, clock, logger, redis, publicUrl });
  // Only `forget` is used, which knows no limits.
  const limits = { failuresPerPair: 1, failuresPerEmail: 1, failuresPerAddress: 1 };
  const known = { findDevice: async () => null, isKnownNetwork: async () => false };
  const { forget: forgetFailures } = createThrottle(limits, { counters, known });
  const eraser = createEraser({ database, logger, forgetFailures });
  return { database, audit, bus, clock, sensitiveMaxAgeSeconds, counters, forgetFailures, eraser };
}

const COUNTERS_WAIT_MS = 2_000;
const COUNTERS_POLL_MS = 20;

/** Waits for Redis a little. Without it, counts of failed sign-ins end by themselves within 15 minutes. */
async function untilCountersWork(counters: FailureCounters): Promise<void> {
  for (let waited = 0; !counters.isShared && waited < COUNTERS_WAIT_MS; waited += COUNTERS_POLL_MS)
    await pause(COUNTERS_POLL_MS);
}
