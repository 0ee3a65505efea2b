import { useAddressParams } from '../../lib/use-address-params.ts';

/** Two versions by number. */
export interface Comparison {
  before: number;
  after: number;
}

const COMPARE = 'compare';
const IN_PLACE = { replace: true, preventScrollReset: true };

/** Which versions are compared, as the address of the page says it: `compare=3-5`. Null: it says nothing. */
export function useComparison(): [Comparison | null, (comparison: Comparison) => void] {
  const [params, changeParams] = useAddressParams();
  return [
    comparisonIn(params.get(COMPARE)),
    ({ before, after }) =>
      changeParams((next) => {
        next.set(COMPARE, `${before}-${after}`);
        return next;
      }, IN_PLACE),
  ];
}

export function comparisonIn(text: string | null): Comparison | null {
  const [, before, after] = /^(\d{1,9})-(\d{1,9})$/.exec(text ?? '') ?? [];
  return before === undefined ? null : { before: Number(before), after: Number(after) };
}
