import type { UserStatus } from '../../generated/people-operations.ts';

/** Which people the page shows. It is kept in the address, so that a link shows the same. */
export interface PeopleFilter {
  search: string;
  /** Null: all. */
  status: UserStatus | null;
}

/** The maximum that the server accepts. */
export const MAX_SEARCH_LENGTH = 200;

const STATUSES: readonly UserStatus[] = ['ACTIVE', 'INVITED', 'DEACTIVATED', 'EXTERNAL'];

/** Takes any address: what it does not understand counts as absent. */
export function readFilter(params: URLSearchParams): PeopleFilter {
  const status = params.get('state')?.toUpperCase();
  return {
    search: (params.get('search') ?? '').slice(0, MAX_SEARCH_LENGTH),
    status: STATUSES.find((known) => known === status) ?? null,
  };
}

export function writeFilter({ search, status }: PeopleFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (search !== '') params.set('search', search);
  if (status !== null) params.set('state', status.toLowerCase());
  return params;
}
