import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useAddressParams } from '../../lib/use-address-params.ts';

export type SessionListName = 'active' | 'ended';

export interface SessionListAddress {
  /** What the field holds. */
  typed: string;
  /** What is searched for: the same a moment later. */
  search: string;
  type(text: string): void;
}

const SEARCH_DEBOUNCE_MS = 300;
const LIST = 'list';
const SEARCH = 'search';

/** Which list the page shows and what it searches for, as the address has them: a link leads to the same. */
export function useSessionListAddress(): SessionListAddress & {
  list: SessionListName;
  showList(list: SessionListName): void;
} {
  const [params, changeParams] = useAddressParams();
  const search = params.get(SEARCH)?.trim() ?? '';
  /** `sent` is what the field last wrote into the address, and `known` what the address said. */
  const [draft, setDraft] = useState({ typed: search, sent: search, known: search });
  // Another change of the address, such as the way back of the browser, changes the field.
  if (draft.known !== search)
    setDraft({ ...draft, known: search, ...(search === draft.sent ? {} : { typed: search, sent: search }) });

  const change = (name: string, value: string | null) =>
    changeParams(
      (next) => {
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: name === SEARCH, preventScrollReset: true },
    );
  const searchFor = useDebouncedCallback((text: string) => {
    const sent = text.trim();
    setDraft((before) => ({ ...before, sent }));
    if (sent !== search) change(SEARCH, sent === '' ? null : sent);
  }, SEARCH_DEBOUNCE_MS);

  return {
    list: params.get(LIST) === 'ended' ? 'ended' : 'active',
    showList: (list) => change(LIST, list === 'ended' ? 'ended' : null),
    search,
    typed: draft.typed,
    type(text) {
      setDraft((before) => ({ ...before, typed: text }));
      searchFor(text);
    },
  };
}
