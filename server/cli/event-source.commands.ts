import { lockAccount } from '../accounts/account-lock.ts';
import { SYSTEM } from '../audit/audit.ts';
import { notFound } from '../errors.ts';
import { findSource, listAllSources } from '../event-sources/event-sources.sql.ts';
import { removeSource } from '../event-sources/remove-source.ts';
import type { Command } from './command.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print } from './output.ts';
import { escapeControls } from './safe-text.ts';
import { formatTable } from './table.ts';

const listEventSourcesCommand: Command = {
  usage: '[--json]',
  summary: 'Lists the event sources of all accounts: whose security events end sessions.',
  flags: [JSON_FLAG],
  prepare:
    (given) =>
    async ({ database }) => {
      const sources = await database.withTimeout(listAllSources(database.em()));
      const eventSources = sources.map(({ id, accountId, issuer, audience }) => ({
        id,
        account: accountId,
        issuer,
        audience,
      }));
      return print(given, { eventSources }, () =>
        sources.length === 0
          ? 'There are no event sources.'
          : formatTable([
              ['id', 'account', 'issuer', 'audience'],
              ...eventSources.map((source) => Object.values(source).map(escapeControls)),
            ]),
      );
    },
};

/** For owners who cannot: none of them can sign in, or they need help against a hostile transmitter. */
const deleteEventSourceCommand: Command = {
  usage: '--id UUID [--json]',
  summary:
    'Stops accepting security events of a transmitter. Users whom it has disabled can sign in again; sessions that it ended stay ended.',
  required: ['id'],
  flags: [JSON_FLAG],
  prepare: (given) => async (context) => {
    const { database, audit, now } = context;
    const found = await database.withTimeout(findSource(database.em(), given.required('id')));
    if (!found) throw notFound('Event source');
    const { accountId } = found;
    await withSessionBus(context, async (bus) => {
      const enabledIds = await database.accountTransaction(accountId, async (em) => {
        await lockAccount(em, accountId);
        const source = await findSource(em, found.id);
        if (!source) throw notFound('Event source');
        return removeSource(em, audit, source, { actor: SYSTEM, ipAddress: null }, now);
      });
      if (enabledIds.length > 0) bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
    });
    const { id, issuer } = found;
    return print(
      given,
      { id, issuer, account: accountId },
      () => `The event source ${escapeControls(issuer)} (${id}) is deleted.`,
    );
  },
};

export const eventSourceCommands: Record<string, Command> = {
  'list-event-sources': listEventSourcesCommand,
  'delete-event-source': deleteEventSourceCommand,
};
