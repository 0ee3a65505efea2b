import type { Resolvers } from '../generated/schema.ts';
import { requireUser } from '../rules/caller.ts';
import type { Session } from '../rules/session.ts';
import { createNewDeviceNotices, type NewDeviceNoticesDependencies } from './new-device-notices.ts';

export function createNewDeviceResolvers(dependencies: NewDeviceNoticesDependencies): Resolvers {
  const notices = createNewDeviceNotices(dependencies);
  return {
    Subscription: {
      newDeviceSignIns: {
        subscribe: (_, __, { caller }) => notices.subscribe(requireUser(caller)),
        resolve: (session: Session) => session,
      },
    },
  };
}
