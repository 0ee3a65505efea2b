import { addSeconds } from '../clock.ts';
import { createServiceKeyAdmin, type ListedServiceKey } from '../services/service-key.admin.ts';
import { WrongUsage, type Command } from './command.ts';
import { formatTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
const MOST_DAYS = 3_650;

const createServiceKeyCommand: Command = {
  usage: '(--account ID or --all-accounts) --name NAME [--expires DAYS]',
  required: ['name'],
  optional: ['account', 'expires'],
  flags: ['all-accounts'],
  prepare(given) {
    const account = given.text('account');
    if ((account !== null) === given.has('all-accounts'))
      throw new WrongUsage('Give either --account ID or --all-accounts.');
    const days = readDays(given.text('expires'));
    return async (tools) => {
      const expiresAt = days === null ? null : addSeconds(tools.now, days * SECONDS_PER_DAY);
      const created = await createServiceKeyAdmin(tools).create(
        { accountId: account, name: given.required('name'), expiresAt },
        tools.now,
      );
      return `key id: ${created.id}\nservice key: ${created.key}`;
    };
  },
};

const listServiceKeysCommand: Command = {
  usage: '',
  prepare: () => async (tools) => {
    const keys = await createServiceKeyAdmin(tools).list();
    if (keys.length === 0) return 'There are no service keys.';
    return formatTable([
      ['id', 'name', 'reach', 'created', 'expires', 'last used', 'state'],
      ...keys.map((key) => toCells(key, tools.now)),
    ]);
  },
};

const revokeServiceKeyCommand: Command = {
  usage: '--id UUID',
  required: ['id'],
  prepare: (given) => async (tools) => {
    const { key, isNew } = await createServiceKeyAdmin(tools).revoke(given.required('id'), tools.now);
    const named = `The service key "${key.name}" (${key.id})`;
    return isNew ? `${named} is revoked.` : `${named} was revoked already, at ${minute(key.revokedAt)}.`;
  },
};

export const serviceKeyCommands: Record<string, Command> = {
  'create-service-key': createServiceKeyCommand,
  'list-service-keys': listServiceKeysCommand,
  'revoke-service-key': revokeServiceKeyCommand,
};

function readDays(text: string | null): number | null {
  if (text === null) return null;
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new WrongUsage(`--expires is a whole number of days from 1 to ${MOST_DAYS}.`);
}

function toCells(key: ListedServiceKey, now: Date): string[] {
  return [
    key.id,
    key.name,
    key.account === null ? 'all accounts' : `${key.account.name} (${key.account.id})`,
    minute(key.createdAt),
    minute(key.expiresAt),
    minute(key.lastUsedAt),
    stateOf(key, now),
  ];
}

/** A key whose day is now is expired. */
function stateOf({ revokedAt, expiresAt }: ListedServiceKey, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

const minute = (moment: Date | null): string =>
  moment === null ? 'never' : `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
