import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { AuditPeopleDocument, AuditPersonDocument } from '../../generated/audit-operations.ts';

export interface PersonChoice {
  value: string;
  label: string;
}

/** While someone types, a search of many people starts once, not with each letter. */
const DEBOUNCE_MS = 200;
/** The server takes no more. */
const MAX_SEARCH_LENGTH = 200;

/** The people to choose from: those that a search finds, and the one who is chosen. */
export function usePeople(chosenId: string | null) {
  const [search, setSearch] = useState('');
  const chosen = useQuery(AuditPersonDocument, {
    variables: { userId: chosenId ?? '' },
    skip: chosenId === null,
  });
  const event = chosen.data?.auditEvents.edges[0]?.node;
  const person = [event?.subject, event?.actor].find((user) => user?.id === chosenId) ?? null;
  // The field shows the label of who is chosen, which is no search.
  const isSearch = person === null || search !== labelOf(person);
  const wanted = isSearch ? search.trim().slice(0, MAX_SEARCH_LENGTH) : '';
  const [settled] = useDebouncedValue(wanted, DEBOUNCE_MS);
  const found = useQuery(AuditPeopleDocument, { variables: { search: settled } });
  const users = (found.data ?? found.previousData)?.users.edges ?? [];
  const choices: PersonChoice[] = users.map(({ node }) => ({ value: node.id, label: labelOf(node) }));
  if (chosenId !== null && person && !choices.some(({ value }) => value === chosenId))
    choices.unshift({ value: chosenId, label: labelOf(person) });
  return { choices, name: person?.name ?? null, setSearch };
}

/** The same wherever the person comes from. */
const labelOf = ({ name, email }: { name: string; email: string }): string =>
  email === '' ? name : `${name} (${email})`;
