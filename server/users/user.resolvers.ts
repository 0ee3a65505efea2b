import type { Resolvers } from '../generated/schema.ts';
import { forbidden } from '../errors.ts';
import { optionalUser, requireOwner, requireUser, type Caller, type ClientInfo } from '../rules/caller.ts';
import type { UserView } from '../rules/user.ts';
import { inviteUser } from './invite-user.ts';
import { inviteUsers } from './invite-users.ts';
import type { MailLinks } from './mail-links.ts';
import { renameUser } from './rename-user.ts';
import { renameAccount } from './rename-account.ts';
import { resetUserPassword } from './reset-user-password.ts';
import { setUserActive } from './set-user-active.ts';
import { setUserRole, type RoleAdministration } from './set-user-role.ts';
import type { ChangedBy, UserAdministration } from './user-administration.ts';
import type { UserFacts } from './user-facts.ts';
import type { UserList } from './user-list.ts';

export function createUserResolvers(dependencies: {
  administration: UserAdministration & RoleAdministration;
  mailLinks: MailLinks;
  userList: UserList;
  userFacts: UserFacts;
}): Resolvers {
  const { administration, mailLinks, userList, userFacts } = dependencies;
  return {
    Query: {
      viewer: (_, __, { caller, loaders }) => {
        const viewer = optionalUser(caller);
        return viewer && (viewer.session.user ?? loaders.users.load(viewer.userId));
      },
      users: (_, { first, after, search, status }, { caller }) =>
        userList.list(requireOwner(caller).accountId, {
          first: first ?? 50,
          after: after ?? null,
          search: search ?? null,
          status: status ?? null,
        }),
    },
    Mutation: {
      inviteUser: async (_, { input }, { caller, client }) => {
        const by = byOwner(caller, client);
        const role = input.role ?? 'MEMBER';
        const invited = await inviteUser(administration, by, {
          userId: input.userId ?? null,
          email: input.email ?? null,
          name: input.name ?? null,
          role,
        });
        return { ...invited, sentByMail: await mailLinks.sendOne(by, { kind: 'invitation', role }, invited) };
      },
      inviteUsers: async (_, { input, dryRun }, { caller, client }) => {
        const by = byOwner(caller, client);
        const entries = input.map(({ email, name, role }) => ({
          email,
          name,
          role: role ?? ('MEMBER' as const),
        }));
        const results = await inviteUsers(administration, by, { entries, isDryRun: dryRun ?? false });
        const sent = await mailLinks.sendInvitations(
          by,
          results.flatMap(({ invited }) => invited ?? []),
        );
        return results.map(({ invited, ...result }) =>
          invited ? { ...result, ...invited, sentByMail: sent.shift()! } : { ...result, sentByMail: false },
        );
      },
      renameUser: (_, { userId, name }, { caller, client }) =>
        renameUser(administration, byOwner(caller, client), userId, name),
      resetUserPassword: async (_, { userId }, { caller, client }) => {
        const by = byOwner(caller, client);
        const reset = await resetUserPassword(administration, by, userId);
        return { ...reset, sentByMail: await mailLinks.sendOne(by, { kind: 'password_link' }, reset) };
      },
      renameAccount: (_, { name }, { caller, client }) =>
        renameAccount(administration, byOwner(caller, client), name),
      setUserRole: (_, { userId, role }, { caller, client }) =>
        setUserRole(administration, byOwner(caller, client), userId, role),
      setUserActive: (_, { userId, isActive }, { caller, client }) =>
        setUserActive(administration, byOwner(caller, client), userId, isActive),
    },
    User: {
      account: ({ accountId }) => ({ id: accountId }),
      status: async (user) => user.status ?? (await userFacts.readStatus(user.id))!,
      sessionCount: async (user, _, { caller }) => {
        const viewer = requireUser(caller);
        if (viewer.userId !== user.id) requireOwnerOf(user, caller);
        return (await userFacts.countSessions(user.id)) ?? 0;
      },
      linkExpiresAt: (user, _, { caller }) => {
        requireOwnerOf(user, caller);
        return userFacts.readLinkExpiry(user.id);
      },
    },
    Account: {
      name: async (account, _, { loaders }) => account.name ?? (await loaders.accounts.load(account.id)).name,
      externalId: async (account, _, { loaders }) =>
        (account.name === undefined ? await loaders.accounts.load(account.id) : account).externalId ?? null,
    },
  };
}

/** @throws like `requireOwner` */
const byOwner = (caller: Caller, client: ClientInfo): ChangedBy => ({
  viewer: requireOwner(caller),
  ipAddress: client.ipAddress,
});

/** @throws like `requireOwner`, and FORBIDDEN for a user of another account */
function requireOwnerOf(user: UserView, caller: Caller): void {
  if (requireOwner(caller).accountId !== user.accountId) throw forbidden();
}
