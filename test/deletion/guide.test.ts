import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { startApp } from '../harness.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { pendingErasures } from './deletion-calls.ts';

const guide = readFileSync(new URL('../../docs/guides/deleting.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));

test('what the guide sends deletes, and what it looks for afterwards is not there', async () => {
  expect(blocks.map(({ language }) => language)).toEqual(['graphql', 'sql']);
  const [mutation, statements] = blocks.map(({ text }) => text);
  const app = await startApp();
  try {
    const account = await app.seed.account();
    const application = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const { session } = await application.create({
      externalId: 'customer-1042',
      email: 'ana@example.com',
      name: 'Ana',
      ipAddress: '203.0.113.7',
      userAgent: 'Mozilla/5.0',
    });
    const { id } = session.user;
    const look = async (): Promise<Record<string, unknown>[][]> => {
      const found = [];
      const plain = statements!.replace(/^--.*$/gm, '').replaceAll("'ID'", `'${id}'`);
      for (const statement of plain.split(';').filter((text) => text.trim() !== ''))
        found.push(
          (await sql<Record<string, unknown>>`${sql.raw(statement)}`.execute(app.database.em().getKysely()))
            .rows,
        );
      return found;
    };
    expect((await look()).slice(2, 4).map(([row]) => Number(row!.count))).not.toContain(0);
    expect((await application.gql(mutation!)).data).toEqual({ deleteUser: true });
    await waitUntil(async () => (await pendingErasures(app)) === 0, {
      what: 'the erasure',
      timeoutMs: 20_000,
    });
    const [users, pending, ...counts] = await look();
    expect(users).toMatchObject([{ id, external_id: null }]);
    expect(JSON.stringify(users)).not.toMatch(/ana|1042/i);
    expect(pending).toEqual([]);
    expect(counts.map(([row]) => Number(row!.count))).toEqual([0, 0, 0, 0]);
    expect((await application.gql(mutation!)).code).toBe('NOT_FOUND');
  } finally {
    await app.close();
  }
});
