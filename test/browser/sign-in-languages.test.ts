import { expectNoAxeFindings } from './axe.ts';
import { openStories } from './stories.ts';

const stories = openStories({ demo: true });

const headingOf = { de: 'Anmelden', fr: 'Se connecter', es: 'Iniciar sesión' };

test.each(Object.entries(headingOf))('a browser in %s gets its language', async (language, heading) => {
  const { page } = await stories.newPage({ locale: `${language}-${language.toUpperCase()}` });
  await page.goto(`${stories.app.url}/login?reason=session_expired&limit=absolute`);
  await page.getByRole('heading', { name: heading }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe(language);
  expect(await page.title()).toBe(`${heading} · Curfew`);
  // English that was left would be one of these words.
  expect(await page.locator('main').textContent()).not.toMatch(/\b(sign|password|signed|account|owner)\b/i);
});

test('a choice shows at once, keeps what was typed, and holds for later visits', async () => {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/login`);
  await page.getByLabel('E-mail').fill('noor@example.test');
  await page.getByLabel('Password').fill('a secret');
  await page.getByLabel('Language').selectOption('Deutsch');
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  expect(await page.getByLabel('E-Mail').inputValue()).toBe('noor@example.test');
  expect(await page.getByLabel('Passwort', { exact: true }).inputValue()).toBe('a secret');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByText('E-Mail-Adresse oder Passwort ist falsch.').waitFor();

  await page.goto(`${stories.app.url}/set-password`);
  await page.getByRole('heading', { name: 'Dieser Link ist unvollständig' }).waitFor();
  await page.getByLabel('Sprache').selectOption('Español');
  await page.getByRole('heading', { name: 'Este enlace está incompleto' }).waitFor();
  await page.getByLabel('Idioma').selectOption('English');
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
});

test('the language chosen last is shown although its texts arrive first', async () => {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/login`);
  const german = Promise.withResolvers<void>();
  await page.route(/\/assets\/de-[^/]+\.js$/, async (route) => {
    await german.promise;
    await route.continue();
  });
  const [asked] = await Promise.all([
    page.waitForRequest(/\/assets\/de-[^/]+\.js$/),
    page.getByLabel('Language').selectOption('Deutsch'),
  ]);
  await page.getByLabel('Language').selectOption('Français');
  await page.getByRole('heading', { name: headingOf.fr }).waitFor();
  german.resolve();
  // Resolves after what the page itself does with the texts.
  await page.evaluate((url) => import(url).then(() => new Promise((done) => setTimeout(done))), asked.url());
  expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
  await page.getByRole('heading', { name: headingOf.fr }).waitFor();
});

test('German on a narrow dark page has no axe findings', async () => {
  const { page } = await stories.newPage({
    locale: 'de-DE',
    colorScheme: 'dark',
    viewport: { width: 320, height: 640 },
  });
  await page.goto(`${stories.app.url}/login`);
  await page.getByText('Bitten Sie einen Inhaber').waitFor();
  await expectNoAxeFindings(page);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
});

test.each(['en', 'de', 'fr', 'es'])(
  'the button that shows the password has one line in %s',
  async (locale) => {
    const { page } = await stories.newPage({ locale, viewport: { width: 320, height: 640 } });
    await page.goto(`${stories.app.url}/login`);
    const button = page.locator('input[name=password] + * button');
    for (const isShown of [false, true]) {
      expect((await button.boundingBox())!.height).toBeLessThan(32);
      expect(await button.evaluate((it: any) => it.scrollWidth <= it.clientWidth)).toBe(true);
      if (!isShown) await button.click();
    }
  },
);
