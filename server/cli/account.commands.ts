import { lockAccount } from '../accounts/account-lock.ts';
import { User } from '../accounts/user.entity.ts';
import { SYSTEM } from '../audit/audit.ts';
import { readEmail } from '../email.ts';
import { AppError } from '../errors.ts';
import { createAccount } from '../users/create-account.ts';
import { createPasswordLink } from '../users/password-links.ts';
import type { Command } from './command.ts';
import { JSON_FLAG, print } from './output.ts';

const createAccountCommand: Command = {
  usage: '--name NAME --owner-email EMAIL [--json]',
  summary:
    'Creates an account and its first owner. Prints a link to set the password, valid once, for 24 hours.',
  required: ['name', 'owner-email'],
  flags: [JSON_FLAG],
  prepare: (given) => async (context) => {
    const account = { name: given.required('name'), ownerEmail: given.required('owner-email') };
    const created = await createAccount(account, context, context.now);
    const { accountId, setPasswordUrl } = created;
    return print(
      given,
      { accountId, setPasswordUrl },
      () => `account: ${accountId}\nset-password link: ${setPasswordUrl}`,
    );
  },
};

const resetPasswordCommand: Command = {
  usage: '--email EMAIL [--json]',
  summary: 'Prints a new link to set the password of a user, valid once, for 24 hours. Earlier links end.',
  required: ['email'],
  flags: [JSON_FLAG],
  prepare:
    (given) =>
    async ({ database, audit, publicUrl, now }) =>
      database.transaction(async (em) => {
        const email = given.required('email');
        const signInEmail = readEmail(email);
        const user = signInEmail === null ? null : await em.findOne(User, { signInEmail });
        if (!user) throw new AppError('NOT_FOUND', `No user signs in as ${email}.`);
        // Of two links created at once, the later one replaces the earlier.
        await lockAccount(em, user.accountId);
        const link = await createPasswordLink(em, { id: user.id }, publicUrl, now);
        const resource = { type: 'user' as const, id: user.id };
        const action = 'user.password_reset_requested' as const;
        await audit.record(
          em,
          { accountId: user.accountId, action, actor: SYSTEM, resource, details: {}, ipAddress: null },
          now,
        );
        return print(given, { setPasswordUrl: link }, () => `set-password link: ${link}`);
      }),
};

export const accountCommands: Record<string, Command> = {
  'create-account': createAccountCommand,
  'reset-password': resetPasswordCommand,
};
