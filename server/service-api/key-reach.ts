import type { ServiceCaller } from '../rules/caller.ts';

/** The account that a caller acts in. Null: all accounts. */
export type Reach = Pick<ServiceCaller, 'accountId'>;

/** Whether the caller's key is for this account or for all accounts. */
export const isInReach = (service: ServiceCaller, accountId: string): boolean =>
  service.accountId === null || service.accountId === accountId;

/** The actor of an audit row that a service key causes. */
export const actorOf = (service: ServiceCaller) => ({ id: null, name: service.name });
