import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Turn } from '../../server/background/watchdog.ts';
import { resealAll } from '../../server/event-streams/reseal.ts';
import { createSecretBox } from '../../server/event-streams/secret-box.ts';
import { toRefreshKey } from '../../server/tokens/signing-keys.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';

const box = (...secrets: string[]) =>
  createSecretBox(secrets.map((secret) => toRefreshKey(secret.repeat(40))));
const SECRET = Buffer.from('a secret that signs');
/** More than are read at a time. */
const MANY = 1_001;

onEachDatabase((kind) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database: kind });
    account = await app.seed.account();
  });
  beforeEach(async () => {
    await sql`delete from event_streams`.execute(app.database.em().getKysely());
  });
  afterAll(() => app.close());

  const insert = (ids: readonly string[], secret: (id: string) => string, previous: (id: string) => string) =>
    sql`
      insert into event_streams (id, account_id, kind, subject_format, audience, status, secret, previous_secret, created_at)
      select id, ${account.id}, 'WEBHOOK', 'COMPLEX', 'x', 'ENABLED', secret, previous, now()
      from unnest(${ids}::uuid[], ${ids.map(secret)}::text[], ${ids.map(previous)}::text[]) x (id, secret, previous)`.execute(
      app.database.em().getKysely(),
    );
  const rows = async () => {
    const { rows } = await sql<{ id: string; secret: string; previous_secret: string }>`
      select id, secret, previous_secret from event_streams`.execute(app.database.em().getKysely());
    return rows;
  };
  const reseal = (turn: Turn = { isCurrent: true, advance() {} }) =>
    resealAll(app.database, box('b', 'a'), turn);
  const sealedWith = (key: string) => (id: string) => box(key).seal(SECRET, id);

  test('what the older key sealed is sealed with the first, behind more than a batch that no key opens', async () => {
    const lost = Array.from(
      { length: MANY },
      (_, index) => `00000000-${randomUUID().slice(9, 24)}${1e11 + index}`,
    );
    const [both, previous] = ['f0', 'f1'].map((start) => `${start}${randomUUID().slice(2)}`) as [
      string,
      string,
    ];
    await insert(lost, sealedWith('c'), sealedWith('c'));
    await insert([both], sealedWith('a'), sealedWith('a'));
    await insert([previous], sealedWith('b'), sealedWith('a'));
    const before = await rows();
    let advanced = 0;
    await reseal({ isCurrent: true, advance: () => (advanced += 1) });
    expect(advanced).toBeGreaterThan(2);
    const after = await rows();
    for (const { id, secret, previous_secret } of after.filter(({ id }) => [both, previous].includes(id)))
      expect([box('b').open(secret, id), box('b').open(previous_secret, id)]).toEqual([SECRET, SECRET]);
    const ofLost = (all: typeof after) =>
      new Map(all.flatMap((row) => (lost.includes(row.id) ? [[row.id, row]] : [])));
    expect(ofLost(after)).toEqual(ofLost(before));
  });

  test('a turn that is over changes no more', async () => {
    await insert([randomUUID(), randomUUID()], sealedWith('a'), sealedWith('a'));
    let isCurrent = true;
    const turn: Turn = {
      get isCurrent() {
        return isCurrent;
      },
      advance: () => (isCurrent = false),
    };
    await reseal(turn);
    const current = (await rows()).filter(({ secret }) => box('b').isCurrent(secret));
    expect(current).toHaveLength(1);
  });
});
