import type { PeoplePersonFragment } from '../../generated/people-operations.ts';

export type Person = PeoplePersonFragment;

/** A row of the list. It keeps its place until the list is read again. */
export interface PersonRow {
  person: Person;
  /** The person does not match the filter any more, or was deleted. */
  isGone: boolean;
  isDeleted: boolean;
}

export const toRow = (person: Person): PersonRow => ({ person, isGone: false, isDeleted: false });

/** Brings rows up to date. Those that are not in `fresh` stay where they are. */
export function refreshRows(rows: readonly PersonRow[], fresh: readonly Person[]): PersonRow[] {
  const byId = new Map(fresh.map((person) => [person.id, person]));
  return rows.map((row) => {
    const person = byId.get(row.person.id);
    return person ? toRow(person) : { ...row, isGone: true };
  });
}

/** Puts what a change returned into its row. */
export const replacePerson = (rows: readonly PersonRow[], person: Person): PersonRow[] =>
  rows.map((row) => (row.person.id === person.id ? { ...row, person } : row));

export const markDeleted = (rows: readonly PersonRow[], id: string): PersonRow[] =>
  rows.map((row) => (row.person.id === id ? { ...row, isGone: true, isDeleted: true } : row));

/** Whether `fresh` has people who are not in the rows. */
export function hasOthers(rows: readonly PersonRow[], fresh: readonly Person[]): boolean {
  const known = new Set(rows.map(({ person }) => person.id));
  return fresh.some(({ id }) => !known.has(id));
}
