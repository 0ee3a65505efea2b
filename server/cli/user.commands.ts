import type { User } from '../accounts/user.entity.ts';
import type { Role } from '../generated/schema.ts';
import { setUserActive } from '../users/set-user-active.ts';
import { setUserRole } from '../users/set-user-role.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print } from './output.ts';
import { escapeControls } from './safe-text.ts';
import { findUserBy, readOneOf, USER_OPTIONS } from './targets.ts';

const ROLES: Readonly<Record<string, Role>> = { owner: 'OWNER', member: 'MEMBER' };
const STATES: Readonly<Record<string, boolean>> = { active: true, inactive: false };

/** For an account whose owners are locked out: makes another user an owner. */
const setRoleCommand: Command = {
  usage: '(--user ID or --email EMAIL) --role owner|member [--json]',
  summary: 'Makes a user an owner or a member. The last active owner stays an owner.',
  required: ['role'],
  optional: USER_OPTIONS,
  flags: [JSON_FLAG],
  prepare(given) {
    const by = readOneOf(given, USER_OPTIONS);
    const role = readChoice(given, 'role', ROLES);
    return async (context) => {
      const found = await findUserBy(context.database.em(), by, given.text(by)!);
      const user = await withSessionBus(context, (bus) =>
        setUserRole(
          { ...context, bus, bounds: context.config.policy },
          { operatorIn: found.accountId },
          found.id,
          role,
        ),
      );
      return printUser(given, user, `is ${role === 'OWNER' ? 'an owner' : 'a member'}`);
    };
  },
};

const setActiveCommand: Command = {
  usage: '(--user ID or --email EMAIL) --state active|inactive [--json]',
  summary: 'Deactivates a user, whose sessions end, or reactivates them.',
  required: ['state'],
  optional: USER_OPTIONS,
  flags: [JSON_FLAG],
  prepare(given) {
    const by = readOneOf(given, USER_OPTIONS);
    const isActive = readChoice(given, 'state', STATES);
    return async (context) => {
      const found = await findUserBy(context.database.em(), by, given.text(by)!);
      const user = await withSessionBus(context, (bus) =>
        setUserActive({ ...context, bus }, { operatorIn: found.accountId }, found.id, isActive),
      );
      return printUser(given, user, `is ${isActive ? 'active' : 'inactive'}`);
    };
  },
};

export const userCommands: Record<string, Command> = {
  'set-role': setRoleCommand,
  'set-active': setActiveCommand,
};

function readChoice<T>(given: Arguments, option: string, choices: Readonly<Record<string, T>>): T {
  const text = given.required(option).toLowerCase();
  if (Object.hasOwn(choices, text)) return choices[text]!;
  throw new UsageError(`--${option} must be ${Object.keys(choices).join(' or ')}.`);
}

function printUser(given: Arguments, user: User, state: string): string {
  const { id, name, email, role, isActive, accountId } = user;
  return print(given, { user: { id, name, email, role, isActive, accountId } }, () =>
    escapeControls(`${name} (${id}) ${state}.`),
  );
}
