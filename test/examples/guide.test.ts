import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../server/http/free-port.ts';
import { newFolder, startServer, type Server } from '../operations/processes.ts';
import { hasShell } from '../shell.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GUIDES = join(ROOT, 'docs/guides');
const page = readFileSync(join(GUIDES, 'add-curfew.md'), 'utf8');

interface Block {
  /** What stands behind the fence: a language, and a path where it is cut from a file. */
  language: string;
  path: string | undefined;
  text: string;
}
const blocks: Block[] = [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language, path, text]) => ({ language: language!, path, text: text! }),
);

/** Where a line breaks is the formatter's business, which knows another width here than there. */
const condensed = (text: string): string => text.replace(/,(?=\s*[)\]}])/g, '').replace(/\s+/g, '');

test.each(blocks.filter(({ path }) => path !== undefined).map((block) => [block.path!, block.text]))(
  'what the guide shows of %s is in it',
  (path, text) => {
    expect(condensed(readFileSync(join(ROOT, path), 'utf8'))).toContain(condensed(text));
  },
);

test('every block of the guide is a command that is run, what it answers, or cut from a file', () => {
  const others = blocks.filter(
    ({ language, path }) => path === undefined && !['sh', 'json'].includes(language),
  );
  expect(others).toEqual([]);
  expect(page.match(/^```/gm)).toHaveLength(blocks.length * 2);
});

test.each(['README.md', 'add-curfew.md'])('every link of %s leads somewhere', (name) => {
  const path = join(GUIDES, name);
  const targets = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(0);
  expect(targets.filter((target) => !existsSync(resolve(dirname(path), target)))).toEqual([]);
});

(hasShell ? describe : describe.skip)('the commands of the guide (needs bash and curl)', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let server: Server | undefined;
  beforeAll(async () => {
    folder = await newFolder();
  });
  afterAll(async () => {
    await server?.stop();
    await folder.remove();
  });

  /** Runs commands in one shell and resolves with what each printed. */
  async function shell(commands: string[], env: Record<string, string>): Promise<string[]> {
    const script = ['set -euo pipefail', ...commands.map((command) => `${command}\nprintf '\\0'`)].join('\n');
    const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: ROOT,
      env: { PATH: path, HOME: folder.path, LOG_LEVEL: 'warn', ...env },
    });
    return stdout.split('\0').slice(0, -1);
  }

  /** `"..."` stands for any value. */
  function expected(value: unknown): unknown {
    if (value === '...') return expect.anything();
    if (Array.isArray(value)) return value.map(expected);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expected(inner)]));
  }

  test('in their order answer what the guide says they do', async () => {
    const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
    const [onTheFolder, ...onCurfew] = commands;
    const env = { DATA_DIR: folder.path, DEMO: 'false', PORT: String(await findFreePort()) };
    const asked = [onTheFolder!, 'printf %s "$ACCOUNT"', 'printf %s "$CURFEW_SERVICE_KEY"'];
    const [said, account, key] = await shell(asked, env);
    expect(said).toBe('');
    expect(account).toMatch(/^[\da-f-]{36}$/);
    expect(key).toMatch(/^cfk_[\w-]{43}$/);

    server = await startServer(env);
    const here = onCurfew.map((command) => command.replaceAll('http://127.0.0.1:4000', server!.url));
    const answers = await shell(here, { CURFEW_SERVICE_KEY: key! });

    const printed = commands.map((command, index) => [command, index === 0 ? '' : answers[index - 1]]);
    const promised = blocks.flatMap(({ language, text }, index) => {
      if (language !== 'sh') return [];
      const next = blocks[index + 1];
      return [[text, next?.language === 'json' ? expected(JSON.parse(next.text)) : '']];
    });
    expect(printed.map(([command, answer]) => [command, answer ? JSON.parse(answer) : ''])).toEqual(promised);
  });
});
