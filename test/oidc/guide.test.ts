import { readFileSync } from 'node:fs';
import { loadConfig } from '../../server/config/config.ts';
import { startApp } from '../harness.ts';
import { startProvider } from './provider.ts';

const guide = readFileSync(new URL('../../docs/guides/identity-providers.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text: text!,
}));
const settings = blocks.filter(({ text }) => text.startsWith('OIDC_')).map(({ text }) => text.trim());
const [start, complete] = blocks.filter(({ language }) => language === 'graphql').map(({ text }) => text);

test.each(settings)('Curfew accepts the settings of the guide: %#', (text) => {
  const filledIn = text.replaceAll('...', 'filled-in').replace(/(?<=TENANT=).*/, 'contoso.example');
  const env = Object.fromEntries(
    filledIn.split('\n').map((line) => [line.split('=', 1)[0], line.replace(/^\w+=/, '')]),
  );
  expect(loadConfig(env).oidc.providers).toHaveLength(1);
});

test('Curfew accepts the limits of the guide', () => {
  const [limited] = blocks.filter(({ language }) => language === 'json').map(({ text }) => text);
  expect(loadConfig({ OIDC_PROVIDERS: limited }).oidc.providers).toEqual([
    expect.objectContaining({ emailDomains: expect.any(Array), accountIds: expect.any(Array) }),
  ]);
});

test('the guide has a block of settings for each provider', () => {
  expect(settings).toHaveLength(4);
});

test('the requests of the guide sign a user in', async () => {
  const redirectUri = 'https://app.example.com/callback';
  const provider = await startProvider({ redirectUris: [redirectUri] });
  const app = await startApp({
    clock: 'real',
    env: {
      OIDC_PROVIDERS: JSON.stringify([provider.settings('work', 'Example Ltd')]),
      OIDC_REDIRECT_URIS: redirectUri,
    },
  });
  try {
    const { owner } = await app.seed.account();
    provider.accounts[owner.email] = { email: owner.email, email_verified: true };
    const begun = await app.gql(start!);
    const { authorizationUrl, flowToken } = begun.data.startOAuthLogin;
    const callbackUrl = await provider.signIn(authorizationUrl, owner.email);
    const completed = await app.gql(complete!, { callbackUrl, flowToken });
    const { accessToken, refreshToken } = completed.data.completeOAuthLogin;
    expect(refreshToken).not.toBeNull();
    const viewer = await app.gql('{ viewer { email } }', {}, { token: accessToken });
    expect(viewer.data).toEqual({ viewer: { email: owner.email } });
  } finally {
    await app.close();
    await provider.close();
  }
});
