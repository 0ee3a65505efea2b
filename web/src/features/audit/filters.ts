import { useMemo } from 'react';
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
  from: from === null ? null : (startOf(from)?.toISOString() ?? null),
  to: to === null ? null : (endOf(to)?.toISOString() ?? null),
});

/** The first moment of a day on this computer's clock. Null: there is no such day. */
export const startOf = (day: string): Date | null => momentOf(day, 0);

/** The first moment after a day: days of summer time changes have 23 or 25 hours. */
export const endOf = (day: string): Date | null => momentOf(day, 1);

function momentOf(day: string, daysLater: number): Date | null {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const midnight = new Date(year, month - 1, date);
  if (midnight.getMonth() !== month - 1 || midnight.getFullYear() !== year) return null;
  return daysLater === 0 ? midnight : new Date(year, month - 1, date + daysLater);
}
