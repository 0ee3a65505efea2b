import { randomUUID } from 'node:crypto';

export interface Note {
  id: string;
  text: string;
}

/** All notes by the person's id, in memory because this is an example. */
export interface Notes {
  of(personId: string): readonly Note[];
  add(personId: string, text: string): Note;
  remove(personId: string, noteId: string): void;
}

export function createNotes(): Notes {
  const notes = new Map<string, Note[]>();
  const of = (personId: string): Note[] => notes.get(personId) ?? [];

  return {
    of,
    add(personId, text) {
      const note = { id: randomUUID(), text };
      notes.set(personId, [note, ...of(personId)]);
      return note;
    },
    remove: (personId, noteId) =>
      void notes.set(
        personId,
        of(personId).filter(({ id }) => id !== noteId),
      ),
  };
}
