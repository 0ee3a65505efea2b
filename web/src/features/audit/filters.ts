import { useMemo } from 'react';
import { momentsOf, startOf } from '../../lib/day.ts';
import { useAddressParams } from '../../lib/use-address-params.ts';
import { actionsOf } from './actions.ts';

/** What the trail shows, as the address of the page says it. A date is a day on this computer's calendar: `2026-11-29`. */
export interface Filters {
  person: string | null;
  /** An action or a group of them. */
  show: string | null;
  from: string | null;
  to: string | null;
}

const NAMES = ['person', 'show', 'from', 'to'] as const;
const IN_PLACE = { replace: true, preventScrollReset: true };
const DAY = /^\d{4}-\d\d-\d\d$/;

export function useFilters() {
  const [params, changeParams] = useAddressParams();
  const [person, show, from, to] = NAMES.map((name) => params.get(name) || null);
  const filters = useMemo<Filters>(
    () => ({ person: person!, show: show!, from: dayOrNull(from!), to: dayOrNull(to!) }),
    [person, show, from, to],
  );
  return {
    filters,
    isFiltered: NAMES.some((name) => filters[name] !== null),
    change(changed: Partial<Filters>) {
      changeParams((next) => {
        for (const [name, value] of Object.entries(changed))
          if (value === null) next.delete(name);
          else next.set(name, value);
        return next;
      }, IN_PLACE);
    },
    clear: () => changeParams(() => new URLSearchParams(), IN_PLACE),
  };
}

const dayOrNull = (text: string | null): string | null =>
  text !== null && DAY.test(text) && startOf(text) !== null ? text : null;

/** The arguments of the query: `to` is the end of its day. */
export const toVariables = ({ person, show, from, to }: Filters) => ({
  userId: person,
  actions: actionsOf(show),
  ...momentsOf({ from, to }),
});
