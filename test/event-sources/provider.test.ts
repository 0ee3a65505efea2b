import { refusal, refusedWith, setStage, type Stage } from '../oidc/flows.ts';
import { createSource } from './source-calls.ts';
import { startTransmitter, withTransmitter, type Transmitter } from './transmitter.ts';

const AUDIENCE = 'https://curfew.example.test';

withTransmitter(() => {
  let stage: Stage;
  let transmitter: Transmitter;

  beforeAll(async () => {
    transmitter = await startTransmitter();
    stage = await setStage({ app: { env: { EVENT_ALLOW_PRIVATE_ADDRESSES: 'true' } } });
  });
  afterAll(async () => {
    await stage?.close();
    await transmitter?.close();
  });

  test('a source with a provider names the people who sign in there, and no others', async () => {
    const { app, provider } = stage;
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const person = await account.addUser();
    const local = await account.addUser();
    provider.accounts[person.email] = { email: person.email, email_verified: true };
    const signedIn = await stage.signIn(person.email);
    const sessionId = signedIn.data.completeOAuthLogin.session.id;
    const localSession = await local.login();
    const source = await createSource(owner, {
      issuer: transmitter.issuer,
      audience: AUDIENCE,
      provider: 'test',
    });
    const push = (event: string, subject: Record<string, string>) =>
      transmitter.push({
        url: source.endpointUrl,
        aud: AUDIENCE,
        now: Math.floor(app.app.clock.now().getTime() / 1000),
        event,
        subject,
      });
    const endOf = async (id: string): Promise<string | null> => {
      const { data } = await owner.gql(
        `{ sessions(first: 100, status: ENDED) { edges { node { id endReason } } } }`,
      );
      return data.sessions.edges.find(({ node }: any) => node.id === id)?.node.endReason ?? null;
    };

    // They sign in with a password, which is not the provider's business.
    expect((await push('account-disabled', { format: 'email', email: local.email })).status).toBe(202);
    expect(await endOf(localSession.sessionId)).toBeNull();

    const atProvider = { format: 'iss_sub', iss: provider.issuer, sub: person.email };
    expect((await push('account-disabled', atProvider)).status).toBe(202);
    expect(await endOf(sessionId)).toBe('SECURITY_EVENT');
    expect(refusal(await stage.signIn(person.email))).toEqual(refusedWith('NOT_INVITED'));
    expect((await person.tryLogin()).code).toBe('INVALID_CREDENTIALS');

    // The transmitter may name them under its own issuer, or by their address.
    await push('account-enabled', { format: 'iss_sub', iss: transmitter.issuer, sub: person.email });
    const again = (await stage.signIn(person.email)).data.completeOAuthLogin;
    await push('session-revoked', { format: 'email', email: person.email });
    expect(await endOf(again.session.id)).toBe('SECURITY_EVENT');
  });
});
