import { Agent, fetch as send } from 'undici';
import { onPostgres } from '../databases.ts';
import { report, seedsOf, sized, timeLimit } from '../size.ts';
import { hostileRequest, KINDS } from './hostile-documents.ts';
import { createRandom } from './random.ts';
import { startTarget, type Target } from './target.ts';
import { expectUnharmed } from './expect-unharmed.ts';

const DOCUMENTS = sized(5_000, 200_000);
const AT_ONCE = 8;
/** Every code of the contract; an answer with another code is a finding. */
const CODES = new Set([
  'UNAUTHENTICATED',
  'REAUTHENTICATION_REQUIRED',
  'FORBIDDEN',
  'INVALID_CREDENTIALS',
  'INVALID_REFRESH_TOKEN',
  'BAD_USER_INPUT',
  'CONFLICT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  // Apollo Server's own code for malformed requests.
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
const STATUSES = new Set([200, 400, 413]);

onPostgres(() => {
  let target: Target;
  const dispatcher = new Agent({ connections: AT_ONCE });
  beforeAll(async () => (target = await startTarget('postgresql')));
  afterAll(async () => {
    await dispatcher.close();
    await target.stop();
  });

  test.each(seedsOf([11]))(
    'no document or variables cause a fault or block others (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const owner = await target.owner.signIn();
      const member = await target.member.signIn();
      const callers = [null, null, owner.accessToken, member.accessToken, target.serviceKey];
      const before = await target.vitals();
      const found: string[] = [];

      for (let sent = 0; sent < DOCUMENTS; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => ({
          ...hostileRequest(random),
          token: random.pick(callers),
        }));
        await Promise.all(
          batch.map(async ({ kind, token, ...body }) => {
            const response = await send(`${target.url}/graphql`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                ...(token === null ? {} : { authorization: `Bearer ${token}` }),
              },
              body: JSON.stringify(body),
              dispatcher,
            });
            const answer = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
            if (!STATUSES.has(response.status)) found.push(`${kind}: status ${response.status}`);
            for (const { extensions } of answer.errors ?? [])
              if (!CODES.has(extensions?.code ?? '')) found.push(`${kind}: code ${extensions?.code}`);
          }),
        );
        if (sent % 4_096 === 0 && sent > 0) await expectUnharmed(target, before);
      }
      report('hostile documents', { seed, sent: DOCUMENTS, kinds: KINDS.length, found: found.length });
      expect([...new Set(found)].toSorted()).toEqual([]);
      await expectUnharmed(target, before);
    },
    timeLimit,
  );

  test.each(KINDS)('does not block others: %s', async (kind) => {
    const random = createRandom(5);
    const before = await target.vitals();
    for (let sent = 0; sent < 5;) {
      const { kind: made, ...body } = hostileRequest(random);
      if (made !== kind) continue;
      sent += 1;
      const response = await send(`${target.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        dispatcher,
      });
      await response.text();
    }
    await expectUnharmed(target, before);
  });
});
