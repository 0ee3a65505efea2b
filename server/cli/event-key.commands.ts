import { deleteEventKeys, retireCurrentEventKey } from '../event-streams/event-signing-keys.sql.ts';
import type { Command } from './command.ts';
import { JSON_FLAG, print } from './output.ts';

const LEAKED_FLAG = 'leaked';

const rotateEventKeyCommand: Command = {
  usage: '[--leaked] [--json]',
  summary:
    'Retires the key that signs security event tokens. The nodes make a new one, which signs five minutes after it is published, and go on publishing the old one for 48 hours. With --leaked every key is withdrawn at once: what it signed is refused from then on.',
  flags: [LEAKED_FLAG, JSON_FLAG],
  prepare:
    (given) =>
    async ({ database, now }) => {
      if (given.has(LEAKED_FLAG)) {
        const withdrawn = await database.statement((em) => deleteEventKeys(em));
        return print(given, { withdrawn }, () => `${withdrawn} withdrawn. The next event makes a new key.`);
      }
      const retired = await database.statement((em) => retireCurrentEventKey(em, now));
      return print(given, { retired }, () =>
        retired === null
          ? 'There is no key: the first event makes it.'
          : `The key ${retired} is retired. It is published for 48 hours.`,
      );
    },
};

export const eventKeyCommands: Record<string, Command> = { 'rotate-event-key': rotateEventKeyCommand };
