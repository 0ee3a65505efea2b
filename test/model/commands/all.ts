import fc from 'fast-check';
import type { AccountModel } from '../account-model.ts';
import type { Real } from '../comparison.ts';
import { activity } from './activity.ts';
import { connections, restarting, signingIn } from './connection.ts';
import { policy } from './policy.ts';
import { reauthentications } from './reauthentication.ts';
import { refreshes } from './refresh.ts';
import { revocations } from './revocation.ts';
import { time } from './time.ts';

const MAX_COMMANDS = 45;

// `fc.commands` draws from each entry alike: a group with several entries is a likelier command.
export const anyCommands = (): fc.Arbitrary<Iterable<fc.AsyncCommand<AccountModel, Real>>> =>
  fc.commands(
    [
      ...refreshes,
      ...refreshes,
      ...activity,
      ...activity,
      ...time,
      ...time,
      ...connections,
      ...connections,
      ...revocations,
      ...reauthentications,
      signingIn,
      signingIn,
      policy,
      policy,
      policy,
      policy,
      policy,
      fc.oneof({ weight: 4, arbitrary: signingIn }, { weight: 1, arbitrary: restarting }),
    ],
    { maxCommands: MAX_COMMANDS, size: 'max' },
  );
