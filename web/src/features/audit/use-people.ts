import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AuditPeopleDocument, AuditPersonDocument } from '../../generated/operations.ts';

export interface PersonChoice {
  value: string;
  label: string;
}

/** The people to choose from: those that a search finds, and the one who is chosen. */
export function usePeople(chosenId: string | null) {
  const [search, setSearch] = useState('');
  const found = useQuery(AuditPeopleDocument, { variables: { search: search.trim() } });
  const chosen = useQuery(AuditPersonDocument, {
    variables: { userId: chosenId ?? '' },
    skip: chosenId === null,
  });
  const users = (found.data ?? found.previousData)?.sessionPolicy.activeUsers ?? [];
  const choices: PersonChoice[] = users.map(({ userId, name, email }) => ({
    value: userId,
    label: email === '' ? name : `${name} (${email})`,
  }));
  const event = chosen.data?.auditEvents.edges[0]?.node;
  const person = [event?.subject, event?.actor].find((user) => user?.id === chosenId) ?? null;
  if (chosenId !== null && !choices.some(({ value }) => value === chosenId) && person)
    choices.unshift({ value: chosenId, label: person.name });
  return {
    choices,
    name: person?.name ?? users.find(({ userId }) => userId === chosenId)?.name ?? null,
    setSearch,
  };
}
