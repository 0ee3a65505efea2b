import type { ApolloClient } from '@apollo/client';
import {
  PeopleImportDocument,
  type PeopleImportMutation,
  type Role,
} from '../../generated/people-operations.ts';
import type { InvitationLink } from './links-csv.ts';
import type { ImportedPerson } from './read-people-file.ts';

/** A line of the file, and why it invites no one. */
export interface CheckedPerson extends ImportedPerson {
  /** Null: they can be invited. */
  refusal: { code: string; reason: string; field: string | null } | null;
}

/** The server takes 500 people and 100 KiB at a time: this leaves room for the document around them. */
const MAX_PEOPLE = 500;
const MAX_BYTES = 60 * 1024;

type Result = PeopleImportMutation['inviteUsers'][number];
interface Entry {
  email: string;
  name: string;
  role: Role;
}

/** Checks all people as an invitation would now. The answers are in the order of the people. @throws when one check fails */
export async function checkPeople(
  client: ApolloClient,
  people: readonly ImportedPerson[],
): Promise<CheckedPerson[]> {
  const checked: CheckedPerson[] = refuseOwn(people);
  const open = checked.filter(({ refusal }) => refusal === null);
  for (const chunk of chunksOf(open)) {
    const results = await send(client, chunk, true);
    chunk.forEach((person, index) => (person.refusal = refusalOf(results[index]!)));
  }
  return checked;
}

/**
 * Invites people, and reports after each request: what has been sent cannot be taken back, and the links are shown once.
 * @throws when a request fails; those before it are reported
 */
export async function invitePeople(
  client: ApolloClient,
  people: readonly ImportedPerson[],
  onProgress: (links: InvitationLink[], refused: CheckedPerson[]) => void,
): Promise<void> {
  for (const chunk of chunksOf(people)) {
    const results = await send(client, chunk, false);
    onProgress(
      results.flatMap(({ user, setPasswordUrl, sentByMail }) =>
        user && setPasswordUrl ? { email: user.email, name: user.name, url: setPasswordUrl, sentByMail } : [],
      ),
      chunk
        .map((person, index) => ({ ...person, refusal: refusalOf(results[index]!) }))
        .filter(({ refusal }) => refusal !== null),
    );
  }
}

/** Refuses what no request has to find out, and what one about a part of the file would miss. */
function refuseOwn(people: readonly ImportedPerson[]): CheckedPerson[] {
  const seen = new Set<string>();
  return people.map((person) => {
    if (person.role === null) return { ...person, refusal: refuse('UNKNOWN_ROLE', 'role') };
    const email = person.email.toLowerCase();
    if (email !== '' && seen.has(email)) return { ...person, refusal: refuse('DUPLICATE', 'email') };
    seen.add(email);
    return { ...person, refusal: null };
  });
}

const refuse = (reason: string, field: string) => ({ code: 'BAD_USER_INPUT', reason, field });

const refusalOf = ({ status, code, reason, field }: Result): CheckedPerson['refusal'] =>
  status === 'REFUSED' ? { code: code ?? '', reason: reason ?? '', field: field ?? null } : null;

const toEntry = ({ email, name, role }: ImportedPerson): Entry => ({ email, name, role: role ?? 'MEMBER' });

async function send(
  client: ApolloClient,
  people: readonly ImportedPerson[],
  dryRun: boolean,
): Promise<Result[]> {
  const { data } = await client.mutate({
    mutation: PeopleImportDocument,
    variables: { input: people.map(toEntry), dryRun },
    fetchPolicy: 'no-cache',
  });
  return data!.inviteUsers;
}

export function chunksOf<T extends ImportedPerson>(people: readonly T[]): T[][] {
  const encoder = new TextEncoder();
  const chunks: T[][] = [];
  let bytes = Infinity;
  for (const person of people) {
    const size = encoder.encode(JSON.stringify(toEntry(person))).length + 1;
    if (bytes + size > MAX_BYTES || chunks.at(-1)!.length === MAX_PEOPLE) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)!.push(person);
    bytes += size;
  }
  return chunks;
}
