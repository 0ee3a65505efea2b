import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { STANDARDS } from '../../server/rules/standards.ts';
import { LOGOUT } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { dataOf, MINUTE, savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { hasShell } from '../shell.ts';

const GUIDE = resolve(import.meta.dirname, '../../docs/guides/evidence.md');
const page = readFileSync(GUIDE, 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const operations = blocks.filter(({ language }) => language === 'graphql').map(({ text }) => text);
const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
const named = (name: string): string => operations.find((text) => text.startsWith(`query ${name}`))!;

test('every block of the guide is run here, and every link leads somewhere', () => {
  expect([operations.length, commands.length]).toEqual([5, 2]);
  expect(page.match(/^```/gm)).toHaveLength(blocks.length * 2);
  const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  const files = targets.filter((target) => !/^(https:|#)/.test(target));
  expect(files.filter((file) => !existsSync(resolve(dirname(GUIDE), file.split('#')[0]!)))).toEqual([]);
  const anchors = [...page.matchAll(/^## (.+)$/gm)].map(
    ([, title]) => `#${title!.toLowerCase().replaceAll(' ', '-')}`,
  );
  expect(targets.filter((target) => target.startsWith('#') && !anchors.includes(target))).toEqual([]);
  for (const { url } of STANDARDS) expect(targets).toContain(url);
});

test('every clause of a standard that Curfew checks is in the table', () => {
  const table = page.slice(page.indexOf('## Questions'), page.indexOf('## The policy and'));
  const clauses = new Set(STANDARDS.flatMap(({ requirements }) => requirements.map(({ clause }) => clause)));
  expect([...clauses].filter((clause) => !table.includes(clause))).toEqual([]);
});

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database);
    account = await app.seed.account();
    owner = await account.owner.login();
    app.clock.advance(MINUTE);
    await savePolicy(owner, { idleMinutes: 15, absoluteMinutes: 720, maxSessionsPerUser: 2 });
    app.clock.advance(MINUTE);
  });
  afterAll(() => app.close());

  const ask = async (name: string, variables: Record<string, unknown> = {}): Promise<any> =>
    dataOf(await owner.gql(named(name), variables));
  const met = (standards: any[]): string[] =>
    standards.filter(({ verdict }) => verdict === 'MEETS').map(({ id }) => id);

  test('the queries answer the questions', async () => {
    const { sessionPolicy } = await ask('PolicyAndVerdicts');
    expect(met(sessionPolicy.standards)).toContain('PCI_DSS_4_0_1');
    const input = { idleMinutes: 30, absoluteMinutes: 720 };
    const tried = met((await ask('BeforeAChange', { input })).sessionPolicyImpact.standards);
    expect(met(sessionPolicy.standards).filter((id) => !tried.includes(id))).toEqual([
      'PCI_DSS_4_0_1',
      'FEDRAMP_R5_HIGH',
    ]);
    const { sessionPolicyVersions: versions } = await ask('Versions');
    expect(versions.edges[0].node).toMatchObject({
      version: 1,
      createdBy: { name: owner.payload.user.name },
      effectiveIdleMinutes: 15,
    });
    const { sessionPolicyAt } = await ask('PolicyOnADay', { at: app.clock.now().toISOString() });
    expect(sessionPolicyAt).toMatchObject({ effectiveIdleMinutes: 15, setByName: owner.payload.user.name });
    const member = await (await account.addUser()).login();
    app.clock.advance(MINUTE);
    dataOf(await member.gql(LOGOUT));
    const { explainSession } = await ask('WhyDidItEnd', { sessionId: member.sessionId });
    expect(explainSession).toMatchObject({
      policyVersion: 1,
      endsBecause: `${member.payload.user.name} signed out.`,
    });
    expect(explainSession.timeline.at(-1).kind).toBe('ENDED');
  });

  (hasShell ? test : test.skip)('the commands write both files (needs bash and curl)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'curfew-evidence-'));
    try {
      const env = { ...process.env, CURFEW: app.url, TOKEN: owner.accessToken };
      for (const command of commands)
        await promisify(execFile)('bash', ['-ec', command], { cwd: folder, env });
      const policy = JSON.parse(await readFile(join(folder, 'policy.json'), 'utf8'));
      expect(policy).toMatchObject({ policy: { version: 1 }, versions: [{ version: 1 }] });
      expect(policy.verdicts).toHaveLength(STANDARDS.length);
      const audit = await readFile(join(folder, 'audit.csv'), 'utf8');
      expect(audit).toMatch(/^id,created_at,action,/);
      expect(audit).toContain('account.session_policy_update');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
