import type { Answer } from '../graphql-client.ts';
import type { SignedIn } from '../seed.ts';
import { dataOf } from './policy-calls.ts';

export const SESSIONS = `query Sessions($first: Int, $after: String, $status: SessionStatus, $userId: ID) {
  sessions(first: $first, after: $after, status: $status, userId: $userId) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id user { id } authenticatedAt endedAt endReason isCurrent } } } }`;

export const AUDIT_EVENTS = `query AuditEvents($first: Int, $after: String, $action: String) {
  auditEvents(first: $first, after: $after, action: $action) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id action actor { id } actorName resourceType resourceId details ipAddress createdAt } } } }`;

export interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  edges: { cursor: string; node: any }[];
}

/** The list in the answer of a query with one connection. */
export const pageOf = (answer: Answer): Page => Object.values<Page>(dataOf(answer))[0]!;

export const nodesOf = ({ edges }: Page): any[] => edges.map(({ node }) => node);
export const idsOf = (page: Page): string[] => nodesOf(page).map(({ id }) => id);

export const readPage = async (
  who: SignedIn,
  query: string,
  variables?: Record<string, unknown>,
): Promise<Page> => pageOf(await who.gql(query, variables));

/** Every page from the first to the last; `between` runs after each of them. */
export async function readPages(
  who: SignedIn,
  query: string,
  variables: Record<string, unknown>,
  between: () => Promise<unknown> = async () => {},
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = null; ;) {
    const page = await readPage(who, query, { ...variables, after });
    pages.push(page);
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
    await between();
  }
}

export const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** Cursors that no list returned. */
export const GARBAGE = [
  '',
  ' ',
  'x',
  '***',
  '\u{0}',
  encode(''),
  encode('1:'),
  encode('x:00000000-0000-4000-8000-000000000000'),
  encode('-1:00000000-0000-4000-8000-000000000000'),
  encode('999999999999999:00000000-0000-4000-8000-000000000000'),
  encode('1:a\u{0}b'),
  `${encode('1:00000000-0000-4000-8000-000000000000')}=`,
  encode(`1:${'a'.repeat(10_000)}`),
];
