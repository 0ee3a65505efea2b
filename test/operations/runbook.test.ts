import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { prepareCommand } from './admin-commands.ts';

/** The shell lines of a document's examples. */
async function linesOf(name: string): Promise<string[]> {
  const text = await readFile(resolve(import.meta.dirname, '../../docs', name), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gm)].map(([, block]) => block!);
  return blocks.flatMap((block) => block.split('\n')).map((line) => line.split(' #', 1)[0]!.trim());
}

const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

test('every admin command of the runbook is one that the program takes', async () => {
  const commands = (await linesOf('operations.md')).filter((line) => line.startsWith('npx curfew admin '));
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands)
    prepareCommand(
      words(command)
        .slice(3)
        .map((word) => (word === 'ID' ? randomUUID() : word)),
    );
});

test.each(['operations.md', 'keys.md'])('every link of %s to a heading of it leads to one', async (name) => {
  const text = await readFile(resolve(import.meta.dirname, '../../docs', name), 'utf8');
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

onUsualDatabase((kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: kind });
  });
  afterAll(() => app.close());

  test('every statement of the runbook runs', async () => {
    const lines = [...(await linesOf('operations.md')), ...(await linesOf('keys.md'))];
    const statements = lines.flatMap((line) => /^psql .* -c "(.*)"$/.exec(line)?.[1] ?? []);
    expect(statements.length).toBeGreaterThan(3);
    for (const statement of statements) await sql.raw(statement).execute(app.database.em().getKysely());
  });
});
