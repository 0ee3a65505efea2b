import type { ServiceKeyScope } from '../generated/schema.ts';
import { createServiceKeyAdmin, type ListedServiceKey } from '../service-api/service-key-admin.ts';
import {
  expiryAfter,
  isExpiryInDays,
  MAX_EXPIRY_DAYS,
  stateOfServiceKey,
} from '../service-api/service-key-rules.ts';
import { UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { JSON_FLAG, print } from './output.ts';
import { escapeControls } from './safe-text.ts';
import { formatTable } from './table.ts';

const createServiceKeyCommand: Command = {
  usage: '(--account ID or --all-accounts) --name NAME [--scope ssf] [--expires DAYS] [--json]',
  summary: `Creates a key for a trusted back end and prints it, once. DAYS is from 1 to ${MAX_EXPIRY_DAYS}; without it the key never expires. With --scope ssf it can only manage and poll the SSF streams of its account.`,
  required: ['name'],
  optional: ['account', 'expires', 'scope'],
  flags: ['all-accounts', JSON_FLAG],
  prepare(given) {
    const account = given.text('account');
    if ((account !== null) === given.has('all-accounts'))
      throw new UsageError('Give either --account ID or --all-accounts.');
    const days = readDays(given.text('expires'));
    const scope = readScope(given.text('scope'));
    if (scope !== null && account === null)
      throw new UsageError('A key with --scope ssf is of one account: give --account ID.');
    return async (context) => {
      const expiresAt = expiryAfter(days, context.now);
      const created = await createServiceKeyAdmin(context).create(
        { accountId: account, name: given.required('name'), expiresAt, scope },
        context.now,
      );
      const { id, key } = created;
      return print(given, { id, key, expiresAt }, () => `key id: ${id}\nservice key: ${key}`);
    };
  },
};

const listServiceKeysCommand: Command = {
  usage: '[--json]',
  summary: 'Lists the service keys, without the keys themselves.',
  flags: [JSON_FLAG],
  prepare:
    (given) =>
    async ({ now, ...context }) => {
      const keys = await createServiceKeyAdmin(context).list();
      const serviceKeys = keys.map((key) => ({ ...key, state: stateOfServiceKey(key, now) }));
      return print(given, { serviceKeys }, () => {
        if (keys.length === 0) return 'There are no service keys.';
        return formatTable([
          ['id', 'name', 'reach', 'scope', 'created', 'expires', 'last used', 'state'],
          ...keys.map((key) => toCells(key, now)),
        ]);
      });
    },
};

const revokeServiceKeyCommand: Command = {
  usage: '--id UUID [--json]',
  summary: 'Revokes a service key, for good.',
  required: ['id'],
  flags: [JSON_FLAG],
  prepare: (given) => async (context) => {
    const { key, isNew } = await createServiceKeyAdmin(context).revoke(given.required('id'), context.now);
    const { id, name, revokedAt } = key;
    return print(given, { id, name, revokedAt, wasRevokedBefore: !isNew }, () => {
      const named = `The service key "${escapeControls(name)}" (${id})`;
      return isNew ? `${named} is revoked.` : `${named} was already revoked at ${minute(revokedAt)}.`;
    });
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
  if (isExpiryInDays(days)) return days;
  throw new UsageError(`--expires must be a whole number of days from 1 to ${MAX_EXPIRY_DAYS}.`);
}

function readScope(text: string | null): ServiceKeyScope | null {
  if (text === null) return null;
  if (text === 'ssf') return 'SSF';
  throw new UsageError('--scope must be ssf.');
}

function toCells(key: ListedServiceKey, now: Date): string[] {
  return [
    key.id,
    key.name,
    key.account === null ? 'all accounts' : `${key.account.name} (${key.account.id})`,
    key.scope === null ? 'all' : key.scope.toLowerCase(),
    minute(key.createdAt),
    minute(key.expiresAt),
    minute(key.lastUsedAt),
    stateOfServiceKey(key, now),
  ];
}

const minute = (moment: Date | null): string =>
  moment === null ? 'never' : `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
