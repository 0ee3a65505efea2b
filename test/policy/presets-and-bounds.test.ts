import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { claimsOf, LOGIN, PASSWORD, type Person, type SignedIn } from '../seed.ts';
import {
  auditRows,
  dataOf,
  IMPACT,
  POLICY_UPDATE,
  readPolicy,
  restartWith,
  savePolicy,
  sessionRows,
  startPolicyApp,
  trySave,
} from './policy-calls.ts';

const PRESETS = `{ sessionPolicyPresets { preset idleMinutes absoluteMinutes description standardId revision url
  available } }`;
const readPresets = async (who: SignedIn): Promise<any[]> =>
  dataOf(await who.gql(PRESETS)).sessionPolicyPresets;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  afterAll(() => app.close());

  test('owner and member read the six presets, each with its limits and a description', async () => {
    const account = await app.seed.account();
    const member = await (await account.addUser()).login();
    const presets = await readPresets(member);
    expect(await readPresets(await account.owner.login())).toEqual(presets);
    expect(presets).toMatchObject([
      { preset: 'STRICT', idleMinutes: 4320, absoluteMinutes: 20_160, available: true },
      { preset: 'STANDARD', idleMinutes: 10_080, absoluteMinutes: 43_200, available: true },
      { preset: 'NIST_AAL2', idleMinutes: 60, absoluteMinutes: 1440, available: true },
      { preset: 'NIST_AAL3', idleMinutes: 15, absoluteMinutes: 720, available: true },
      { preset: 'FEDRAMP_MODERATE', idleMinutes: 30, absoluteMinutes: 720, available: true },
      { preset: 'PCI_DSS', idleMinutes: 15, absoluteMinutes: 1440, available: true },
    ]);
    expect(presets).toHaveLength(6);
    expect(presets.map(({ standardId, revision }) => standardId && `${standardId} ${revision}`)).toEqual([
      null,
      null,
      'NIST_800_63B_4_AAL2 SP 800-63B-4 (revision 4, 2025)',
      'NIST_800_63B_4_AAL3 SP 800-63B-4 (revision 4, 2025)',
      'FEDRAMP_R5_MODERATE Rev 5',
      'PCI_DSS_4_0_1 4.0.1',
    ]);
    for (const { standardId, url } of presets)
      expect(url).toEqual(standardId === null ? null : expect.stringMatching(/^https:/));
    expect((await app.gql(PRESETS)).code).toBe('UNAUTHENTICATED');
  });

  test('a description names the source, its revision, its requirement or recommendation, and covers the time limits only', async () => {
    const presets = await readPresets(await (await app.seed.account()).owner.login());
    const described = Object.fromEntries(presets.map(({ preset, description }) => [preset, description]));
    const facts: Record<string, RegExp[]> = {
      STRICT: [/this server's configuration/, /not of a standard/, /none of them is required or recommended/],
      STANDARD: [/Curfew's own/, /NIST SP 800-63B-4 \(revision 4, 2025\)/, /recommends .* 30 days at AAL1/],
      NIST_AAL2: [/NIST SP 800-63B-4 \(revision 4, 2025\)/, /1 hour .* 24 hours are recommended/],
      NIST_AAL3: [
        /NIST SP 800-63B-4 \(revision 4, 2025\)/,
        /12 hours is required/,
        /15 minutes is recommended/,
      ],
      FEDRAMP_MODERATE: [/FedRAMP Rev 5/, /IA-11/, /30 minutes .* 12 hours are required/, /revision 3/],
      PCI_DSS: [/PCI DSS 4\.0\.1/, /8\.2\.8/, /15 minutes is required/, /24 hours is Curfew's own choice/],
    };
    for (const [preset, expected] of Object.entries(facts)) {
      for (const fact of expected) expect(described[preset]).toMatch(fact);
      expect(described[preset]).toMatch(/The time limits only\.$/);
    }
  });

  test('a policy is named after the preset that its effective limits equal, else CUSTOM', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    for (const { preset, idleMinutes, absoluteMinutes } of await readPresets(caller))
      expect((await savePolicy(caller, { idleMinutes, absoluteMinutes })).preset).toBe(preset);
    const named = async (input: Record<string, unknown>) => (await savePolicy(caller, input)).preset;
    expect(await named({ idleMinutes: 31, absoluteMinutes: 720 })).toBe('CUSTOM');
    expect(await named({ idleMinutes: 30, absoluteMinutes: 721 })).toBe('CUSTOM');
    expect(await named({ idleMinutes: 60, absoluteMinutes: 720 })).toBe('CUSTOM');
    // The values in force count, wherever they come from.
    expect(await named({})).toBe('STRICT');
    expect(await named({ idleMinutes: 4320 })).toBe('STRICT');
  });

  test("STRICT equals the server's defaults, and wins where they equal another preset", async () => {
    const { owner } = await app.seed.account();
    const strict = await restartWith(app, {
      SESSION_IDLE_MINUTES_DEFAULT: '30',
      SESSION_ABSOLUTE_MINUTES_DEFAULT: '720',
    });
    try {
      const caller = await signIn(strict, owner);
      expect((await readPresets(caller))[0]).toMatchObject({
        preset: 'STRICT',
        idleMinutes: 30,
        absoluteMinutes: 720,
      });
      expect(await readPolicy(caller)).toMatchObject({ idleMinutes: null, preset: 'STRICT' });
      expect(await savePolicy(caller, { idleMinutes: 30, absoluteMinutes: 720 })).toMatchObject({
        preset: 'STRICT',
      });
      expect(await savePolicy(caller, { idleMinutes: 15, absoluteMinutes: 720 })).toMatchObject({
        preset: 'NIST_AAL3',
      });
    } finally {
      await strict.close();
    }
  });

  test('a preset is available exactly when its update is accepted', async () => {
    const { owner } = await app.seed.account();
    const narrow = await restartWith(app, {
      SESSION_IDLE_MINUTES_MIN: '16',
      SESSION_ABSOLUTE_MINUTES_MAX: '43199',
    });
    try {
      const caller = await signIn(narrow, owner);
      const presets = await readPresets(caller);
      expect(presets.map(({ preset, available }) => [preset, available])).toEqual([
        ['STRICT', true],
        ['STANDARD', false],
        ['NIST_AAL2', true],
        ['NIST_AAL3', false],
        ['FEDRAMP_MODERATE', true],
        ['PCI_DSS', false],
      ]);
      for (const { available, idleMinutes, absoluteMinutes } of presets) {
        const { code } = await trySave(caller, { idleMinutes, absoluteMinutes });
        expect(code).toBe(available ? undefined : 'BAD_USER_INPUT');
      }
    } finally {
      await narrow.close();
    }
  });

  test('tightened bounds apply at the next login to any policy; live sessions keep their snapshot', async () => {
    const { owner } = await app.seed.account();
    await savePolicy(await owner.login(), { idleMinutes: 10_080, absoluteMinutes: 43_200 });
    await owner.login();
    const rows = await sessionRows(app, owner.accountId);

    const tight = await restartWith(app, {
      SESSION_IDLE_MINUTES_DEFAULT: '60',
      SESSION_IDLE_MINUTES_MAX: '600',
      SESSION_ABSOLUTE_MINUTES_DEFAULT: '120',
      SESSION_ABSOLUTE_MINUTES_MAX: '480',
    });
    try {
      const caller = await signIn(tight, owner);
      // Each within its own bounds, then idle at most absolute.
      expect(claimsOf(caller.refreshToken)).toMatchObject({ idle_max: 28_800, abs_max: 28_800 });
      expect(caller.payload.idleExpiresAt).toBe(caller.payload.absoluteExpiresAt);
      expect(await readPolicy(caller)).toMatchObject({
        idleMinutes: 10_080,
        absoluteMinutes: 43_200,
        effectiveIdleMinutes: 480,
        effectiveAbsoluteMinutes: 480,
        idleMinutesMax: 600,
        absoluteMinutesMax: 480,
        preset: 'CUSTOM',
        version: 1,
      });
      const kept = (await sessionRows(app, owner.accountId)).filter(({ id }) => id !== caller.sessionId);
      expect(kept).toEqual(rows);

      app.clock.advance(1);
      await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 480 });
      const { details } = (await auditRows(app, owner.accountId, POLICY_UPDATE))[1];
      expect(details).toMatchObject({
        old: { idle_minutes: 10_080, absolute_minutes: 43_200 },
        effective_old: { idle_minutes: 480, absolute_minutes: 480 },
      });
    } finally {
      await tight.close();
    }
  });

  test('raised minimums lift a shorter override at the next login, and updates must meet the new bounds', async () => {
    const { owner } = await app.seed.account();
    await savePolicy(await owner.login(), { idleMinutes: 10, absoluteMinutes: 30 });
    const raised = await restartWith(app, {
      SESSION_IDLE_MINUTES_MIN: '60',
      SESSION_ABSOLUTE_MINUTES_MIN: '120',
    });
    try {
      const caller = await signIn(raised, owner);
      expect(claimsOf(caller.refreshToken)).toMatchObject({ idle_max: 3600, abs_max: 7200 });
      const input = { idleMinutes: 59, absoluteMinutes: 240 };
      for (const answer of [await trySave(caller, input), await caller.gql(IMPACT, { input })])
        expect(answer.extensions).toMatchObject({ field: 'idleMinutes', min: 60, max: 43_200 });
    } finally {
      await raised.close();
    }
  });
});

/** Signs in at another server than the one that created the user. */
async function signIn(server: TestApp, { email }: Person): Promise<SignedIn> {
  const payload = dataOf(await server.gql(LOGIN, { input: { email, password: PASSWORD } })).login;
  return {
    payload,
    accessToken: payload.accessToken,
    refreshToken: payload.refreshToken,
    sessionId: payload.session.id,
    gql: (query: string, variables?: Record<string, unknown>) =>
      server.gql(query, variables, { token: payload.accessToken }),
  } as SignedIn;
}
