import { refusal, refusedWith, setStage, type Stage } from './flows.ts';

let stage: Stage;

const count = (request: string): number => stage.provider.requests.filter((one) => one === request).length;
const signedInAs = async (email: string) => (await stage.signIn(email)).data.completeOAuthLogin?.user.id;

describe('an ID token with an e-mail and without email_verified', () => {
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.provider.misbehaviour = {};
    stage.provider.requests.length = 0;
  });
  const withoutVerified = { email_verified: undefined };

  test('is completed by UserInfo, once per person', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = { idTokenClaims: withoutVerified };
    expect(await signedInAs(user.email)).toBe(user.id);
    expect(await signedInAs(user.email)).toBe(user.id);
    expect(count('GET /me')).toBe(1);
  });

  test('is refused when UserInfo does not say that the e-mail is verified', async () => {
    const user = await stage.invite();
    for (const email_verified of [false, undefined, 'true']) {
      stage.provider.misbehaviour = { idTokenClaims: withoutVerified, userInfoClaims: { email_verified } };
      expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
    }
  });

  test('is refused when UserInfo answers about another subject, or verifies another address', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = { idTokenClaims: withoutVerified, userInfoClaims: { sub: 'another' } };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    stage.provider.misbehaviour = {
      idTokenClaims: withoutVerified,
      userInfoClaims: { email: 'other@example.test', email_verified: true },
    };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
  });

  test('that says false is believed without asking', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = { idTokenClaims: { email_verified: false } };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
    expect(count('GET /me')).toBe(0);
  });
});

describe('a provider that changed its keys', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(() => stage.close());

  test('is asked again at once for a key with a new id', async () => {
    const user = await stage.invite();
    expect(await signedInAs(user.email)).toBe(user.id);
    stage.provider.misbehaviour = { keyId: 'next' };
    expect(await signedInAs(user.email)).toBe(user.id);
    expect(await signedInAs(user.email)).toBe(user.id);
    expect(count('GET /jwks')).toBe(2);
  });

  test('and kept the id is asked again at the next sign-in', async () => {
    const user = await stage.invite();
    expect(await signedInAs(user.email)).toBe(user.id);
    stage.provider.misbehaviour = { wrongKey: true };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    expect(count('GET /jwks')).toBe(1);
    stage.provider.misbehaviour = {};
    expect(await signedInAs(user.email)).toBe(user.id);
    expect(count('GET /jwks')).toBe(2);
  });

  test('is asked five times a minute at most for keys that it does not have', async () => {
    const user = await stage.invite();
    for (let round = 0; round < 9; round += 1) {
      stage.provider.misbehaviour = { idTokenHeader: { kid: `random-${round}` } };
      expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    }
    expect(count('GET /jwks')).toBeLessThanOrEqual(6);
    stage.provider.misbehaviour = {};
    expect(await signedInAs(user.email)).toBe(user.id);
  });
});
