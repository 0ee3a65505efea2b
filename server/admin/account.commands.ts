import { createAccount } from '../accounts/account.creation.ts';
import { normaliseEmail } from '../accounts/email.ts';
import { createPasswordLink } from '../accounts/password-links.ts';
import { User } from '../accounts/user.entity.ts';
import { SYSTEM } from '../audit/audit.ts';
import { AppError } from '../errors.ts';
import type { Command } from './command.ts';

const createAccountCommand: Command = {
  usage: '--name NAME --owner-email EMAIL',
  required: ['name', 'owner-email'],
  prepare: (given) => async (tools) => {
    const account = { name: given.required('name'), ownerEmail: given.required('owner-email') };
    const created = await createAccount(account, tools, tools.now);
    return `account: ${created.accountId}\nset-password link: ${created.setPasswordUrl}`;
  },
};

const resetPasswordCommand: Command = {
  usage: '--email EMAIL',
  required: ['email'],
  prepare:
    (given) =>
    async ({ database, audit, publicUrl, now }) =>
      database.transaction(async (em) => {
        const email = given.required('email');
        const user = await em.findOne(User, { signInEmail: normaliseEmail(email) });
        if (!user) throw new AppError('NOT_FOUND', `Nobody signs in as ${email}.`);
        const link = await createPasswordLink(em, user.id, publicUrl, now);
        const resource = { type: 'user' as const, id: user.id };
        const action = 'user.password_reset_requested' as const;
        await audit.record(
          em,
          { accountId: user.accountId, action, actor: SYSTEM, resource, details: {}, ipAddress: null },
          now,
        );
        return `set-password link: ${link}`;
      }),
};

export const accountCommands: Record<string, Command> = {
  'create-account': createAccountCommand,
  'reset-password': resetPasswordCommand,
};
