import { sql } from 'kysely';
import { LOGIN, PASSWORD } from '../seed.ts';
import { refusal, refusedWith, linkedWith, setStage, type Stage } from './flows.ts';

const SAVE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const ASK = { maxSessionsPerUser: 1, sessionLimitAction: 'ASK' };

describe('the maximum of sessions, at a sign-in at a provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  type User = Awaited<ReturnType<Stage['invite']>>;

  /** An owner whose account has a policy, and their only session. */
  async function seedLimited(input: Record<string, unknown>) {
    const user = await stage.invite();
    const { data } = await stage.app.gql(LOGIN, { input: { email: user.email, password: PASSWORD } });
    const { accessToken: token, session } = data.login;
    expect((await stage.app.gql(SAVE, { input }, { token })).errors).toBeUndefined();
    return { user, sessionId: session.id as string, token };
  }
  async function endOf(sessionId: string): Promise<string | null> {
    const { rows } = await sql<{ reason: string | null }>`
      select end_reason as reason from sessions where id = ${sessionId}`.execute(
      stage.app.database.em().getKysely(),
    );
    return rows[0]!.reason;
  }
  const signInWith = async ({ email }: User, input: Record<string, unknown>) =>
    stage.complete(await stage.toCallback(email, input), { transport: input.transport });

  test.each([
    ['DENY', undefined],
    ['ASK', expect.any(Array)],
  ])('%s: the completion is refused, and neither links nor counts a failure', async (action, sessions) => {
    const { user, sessionId } = await seedLimited({ ...ASK, sessionLimitAction: action });
    const refused = await stage.signIn(user.email);
    expect(refused.extensions).toEqual({
      code: 'SESSION_LIMIT_REACHED',
      limit: 1,
      ...(sessions && { sessions }),
    });
    if (action === 'ASK')
      expect(refused.extensions.sessions).toEqual([
        {
          id: sessionId,
          device: null,
          appType: 'CONTROL_PANEL',
          lastActivityAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
        },
      ]);
    expect(await linkedWith(stage.app, user.email)).toEqual([]);
  });

  test.each(['BODY', 'COOKIE'])(
    'ASK, by %s: the sessions chosen at the start end with the completion',
    async (transport) => {
      const { user, sessionId } = await seedLimited(ASK);
      const others = Array.from(
        { length: 99 },
        (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      );
      const endSessionIds = [...others, sessionId];
      const answer = await signInWith(user, { endSessionIds, transport });
      expect(answer.errors).toBeUndefined();
      expect(answer.data.completeOAuthLogin.user.id).toBe(user.id);
      expect(await endOf(sessionId)).toBe('SESSION_LIMIT');
    },
  );

  test('the cookie of a flow with a hundred chosen sessions is one that browsers keep', async () => {
    const endSessionIds = Array.from({ length: 100 }, (_, n) => `${'x'.repeat(100)}${n}`);
    const { setCookie } = await stage.start({ transport: 'COOKIE', endSessionIds });
    expect(setCookie!.split(';')[0]!.length).toBeLessThanOrEqual(4096);
  });

  test('the choice stays with a flow that has to begin again', async () => {
    const { user, sessionId } = await seedLimited(ASK);
    stage.provider.misbehaviour = {
      idTokenClaims: { auth_time: Math.floor(Date.now() / 1000) - 20_160 * 60 - 5 },
    };
    const refused = await signInWith(user, { endSessionIds: [sessionId] });
    expect(refusal(refused)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    expect(await endOf(sessionId)).toBeNull();
    stage.provider.misbehaviour = {};
    const { authorizationUrl, flowToken } = refused.extensions;
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    expect((await stage.complete({ callbackUrl, flowToken })).errors).toBeUndefined();
    expect(await endOf(sessionId)).toBe('SESSION_LIMIT');
  });

  test('ids of others are no choice, and more than a hundred are refused at the start', async () => {
    const { user, sessionId } = await seedLimited(ASK);
    const other = await seedLimited({});
    const refused = await signInWith(user, { endSessionIds: [other.sessionId] });
    expect(refused.code).toBe('SESSION_LIMIT_REACHED');
    for (const id of [sessionId, other.sessionId]) expect(await endOf(id)).toBeNull();
    const many = await stage.start({ endSessionIds: Array.from({ length: 101 }, () => sessionId) });
    expect(many.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'endSessionIds',
      reason: 'OUT_OF_BOUNDS',
      max: 100,
    });
  });

  test('END_OLDEST ends the other session', async () => {
    const { user, sessionId } = await seedLimited({
      maxSessionsPerUser: 1,
      sessionLimitAction: 'END_OLDEST',
    });
    expect((await stage.signIn(user.email)).errors).toBeUndefined();
    expect(await endOf(sessionId)).toBe('SESSION_LIMIT');
  });

  test("the age of the sign-in at the provider is measured by the absolute limit of the user's rule", async () => {
    const rules = [{ role: 'OWNER', idleMinutes: 30, absoluteMinutes: 60 }];
    const { user } = await seedLimited({ rules });
    const signedInAgo = (seconds: number) => ({
      idTokenClaims: { auth_time: Math.floor(Date.now() / 1000) - seconds },
    });
    stage.provider.misbehaviour = signedInAgo(3_700);
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    stage.provider.misbehaviour = signedInAgo(3_000);
    const { data } = await stage.signIn(user.email);
    expect(data.completeOAuthLogin.session).toMatchObject({ idleMinutes: 30, absoluteMinutes: 60 });
    stage.provider.misbehaviour = {};
  });
});
