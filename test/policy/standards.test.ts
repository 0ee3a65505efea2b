import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { dataOf, savePolicy, startPolicyApp } from './policy-calls.ts';
import { rule } from './rules-calls.ts';

const VERDICTS = `standards { id title revision url verdict
  checks { clause text level subject limitMinutes actualMinutes verdict } }`;

onEachDatabase((database) => {
  let app: TestApp;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  beforeEach(async () => {
    owner = await (await app.seed.account()).owner.login();
  });
  afterAll(() => app.close());

  const now = async (): Promise<any[]> =>
    dataOf(await owner.gql(`{ sessionPolicy { ${VERDICTS} } }`)).sessionPolicy.standards;
  const tried = async (input: Record<string, unknown>): Promise<any[]> =>
    dataOf(
      await owner.gql(
        `query ($input: UpdateSessionPolicyInput!) { sessionPolicyImpact(input: $input) { ${VERDICTS} } }`,
        { input },
      ),
    ).sessionPolicyImpact.standards;
  const met = (standards: any[]) =>
    standards.filter(({ verdict }) => verdict === 'MEETS').map(({ id }) => id);

  test('the policy says which standards it meets, with each clause and both numbers', async () => {
    await savePolicy(owner, { idleMinutes: 30, absoluteMinutes: 720 });
    const standards = await now();
    expect(standards).toHaveLength(9);
    expect(met(standards)).toContain('FEDRAMP_R5_MODERATE');
    expect(met(standards)).not.toContain('FEDRAMP_R5_HIGH');
    expect(standards.find(({ id }) => id === 'NIST_800_63B_4_AAL3')).toMatchObject({
      title: expect.stringMatching(/ \(time limits only\)$/),
      verdict: 'MEETS',
      checks: expect.arrayContaining([
        {
          clause: '2.3.3',
          text: expect.any(String),
          level: 'RECOMMENDED',
          subject: 'IDLE',
          limitMinutes: 15,
          actualMinutes: 30,
          verdict: 'MISSES',
        },
      ]),
    });
  });

  test('a preview says what would no longer be met, also because of one rule, and changes nothing', async () => {
    await savePolicy(owner, { idleMinutes: 15, absoluteMinutes: 720, maxSessionsPerUser: 2 });
    const before = await now();
    expect(met(before)).toContain('FEDRAMP_R5_HIGH');
    const pair = { idleMinutes: 15, absoluteMinutes: 720 };
    const ruled = await tried({ ...pair, rules: [rule('MEMBER', 'TENANT_APP', 16, 720)] });
    expect(met(before).filter((id) => !met(ruled).includes(id))).toEqual([
      'PCI_DSS_4_0_1',
      'FEDRAMP_R5_HIGH',
    ]);
    // The maximum of sessions that is absent stays.
    expect(met(await tried(pair))).toEqual(met(before));
    expect(met(await tried({ ...pair, maxSessionsPerUser: 3 }))).not.toContain('FEDRAMP_R5_HIGH');
    expect(await now()).toEqual(before);
  });
});
