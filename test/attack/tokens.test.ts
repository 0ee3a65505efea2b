import { onUsualDatabase } from '../databases.ts';
import { report, seedsOf, sized, timeLimit } from '../size.ts';
import { REFRESH } from '../seed.ts';
import { KINDS, mangledToken, type Genuine } from './mangled-tokens.ts';
import { createRandom } from './random.ts';
import { startTarget, type Target } from './target.ts';
import { WAYS_IN, anyWayIn } from './token-entry-points.ts';
import { expectUnharmed } from './expect-unharmed.ts';

/** Half of them on each database, in one run per seed. */
const TOKENS = sized(20_000, 1_000_000);
const SEEDS = seedsOf([1, 2]);
const AT_ONCE = 32;
/** Some tokens are valid at one entry point only. */
const isGenuineThere = (kind: string, door: string): boolean =>
  // A token that is valid except for its audience is a legitimate input here.
  kind === 'another audience' && door === 'introspection';

onUsualDatabase((kind) => {
  let target: Target;
  beforeAll(async () => (target = await startTarget(kind)));
  afterAll(() => target.stop());

  test.each(SEEDS)(
    'no mangled token is accepted anywhere or does harm (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const signedIn = await target.owner.signIn();
      const { data } = await target.gql(
        'mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }',
        { input: { accountId: signedIn.accountId, userId: signedIn.userId } },
        { token: target.serviceKey },
      );
      const genuine: Genuine = {
        ...signedIn,
        ...target.keys,
        sessionToken: data.createSession.sessionToken,
        serviceKey: target.serviceKey,
        audience: 'https://api.example.test',
      };
      const before = await target.vitals();
      const found: string[] = [];
      const counts = new Map(KINDS.map((kind) => [kind, 0]));

      const share = Math.ceil(TOKENS / 2 / SEEDS.length);
      for (let sent = 0; sent < share; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => {
          const { kind, token } = mangledToken(random, genuine);
          return { kind, token, door: anyWayIn(random) };
        });
        const outcomes = await Promise.all(
          batch.map(async ({ kind, token, door }) => ({
            ...(await WAYS_IN[door]!(target, token)),
            kind,
            door,
          })),
        );
        for (const { isAccepted, fault, kind, door } of outcomes) {
          counts.set(kind, counts.get(kind)! + 1);
          if (isAccepted && !isGenuineThere(kind, door)) found.push(`${kind}: accepted as ${door}`);
          if (fault) found.push(`${kind}: ${fault} as ${door}`);
        }
      }
      report('mangled tokens', {
        seed,
        sent: share,
        kinds: counts.size,
        doors: Object.keys(WAYS_IN).length,
        found: found.length,
      });
      expect([...new Set(found)].toSorted()).toEqual([]);
      await expectUnharmed(target, before);

      // Forged tokens do not affect their session: it survives, and its own token works once.
      const refreshed = await target.gql(REFRESH, { input: { refreshToken: genuine.refreshToken } });
      expect(refreshed.data.refreshSession.session.id).toBe(signedIn.sessionId);
    },
    timeLimit,
  );
});
