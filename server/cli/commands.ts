import { accountCommands } from './account.commands.ts';
import { deletionCommands } from './deletion.commands.ts';
import { directoryCommands } from './directory.commands.ts';
import { eventKeyCommands } from './event-key.commands.ts';
import { eventSourceCommands } from './event-source.commands.ts';
import { importCommands } from './import.commands.ts';
import { policyCommands } from './policy.commands.ts';
import { serviceKeyCommands } from './service-key.commands.ts';
import { sessionCommands } from './session.commands.ts';
import { userCommands } from './user.commands.ts';
import type { Command } from './command.ts';

/** Every command of `admin`, in the order of its help. */
export const commands: Record<string, Command> = {
  ...accountCommands,
  ...userCommands,
  ...directoryCommands,
  ...sessionCommands,
  ...policyCommands,
  ...deletionCommands,
  ...serviceKeyCommands,
  ...eventKeyCommands,
  ...eventSourceCommands,
  ...importCommands,
};
