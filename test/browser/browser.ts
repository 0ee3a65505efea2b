import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface BrowserPage {
  page: Page;
  /** Every address outside this machine that the page asked for; none of them was reached. */
  foreignRequests: string[];
  /** What the page logged as an error (a breach of its content security policy is one) or threw. */
  consoleErrors: string[];
}

export interface TestBrowser {
  browser: Browser;
  /** A page with cookies and storage of its own. */
  newPage(options?: BrowserContextOptions): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** Starts the Chromium that the test dependencies bring along: no system package, no display, no network. */
export async function launchBrowser(): Promise<TestBrowser> {
  // The package is for Linux on x64; elsewhere the machine's own Chrome has to do.
  const ours = process.platform === 'linux' && process.arch === 'x64';
  const browser = ours
    ? await launchPackage()
    : await chromium.launch({ channel: 'chrome', args: [noNames] });
  return {
    browser,
    newPage: (options) => openPage(browser, options),
    close: () => browser.close(),
  };
}

/** Second line of defence behind the routes below: no name resolves. */
const noNames = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

async function launchPackage(): Promise<Browser> {
  const { folder, args } = await unpackChromium();
  const options = {
    executablePath: join(folder, 'chromium'),
    args: [...args.filter((arg) => !unwanted.some((start) => arg.startsWith(start))), noNames],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'with-package.conf') },
  };
  return chromium.launch(options).catch((error: unknown) => {
    if (!String(error).includes('error while loading shared libraries')) throw error;
    // A bare machine lacks NSS and expat; the package has them for the cloud function it was made for.
    return chromium.launch({
      ...options,
      env: { ...options.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') },
    });
  });
}

/** The package's flags suit a cloud function. These would test another browser than the users have, or crash it. */
const unwanted = [
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
  '--single-process',
  '--headless',
];

async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<BrowserPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const foreignRequests: string[] = [];
  const consoleErrors: string[] = [];
  await context.route(isForeign, (route) => {
    foreignRequests.push(route.request().url());
    return route.abort('blockedbyclient');
  });
  await context.routeWebSocket(isForeign, async (socket) => {
    foreignRequests.push(socket.url());
    await socket.close({ code: 1008, reason: 'Foreign host' });
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  return { page, foreignRequests, consoleErrors };
}

function isForeign(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

interface Chromium {
  folder: string;
  args: string[];
}

let unpacked: Promise<Chromium> | undefined;

/**
 * Once per installation, in about five seconds. The package unpacks into the temporary folder and would take a
 * half-written file of a parallel run for a finished one; so it gets a folder of its own, which then moves.
 */
function unpackChromium(): Promise<Chromium> {
  unpacked ??= unpack();
  return unpacked;
}

const root = join(import.meta.dirname, '../..');

async function unpack(): Promise<Chromium> {
  const { version } = await readJson<{ version: string }>(
    join(root, 'node_modules/@sparticuz/chromium/package.json'),
  );
  const cache = join(root, 'node_modules/.cache');
  const folder = join(cache, `curfew-chromium-${version}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const fresh = await mkdtemp(join(cache, 'curfew-chromium-new-'));
    try {
      await runPackage(fresh);
      await writeFile(join(fresh, 'with-package.conf'), fontsOfBoth(folder));
      // Whoever is second finds the folder taken, which is as good.
      await rename(fresh, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
  return { folder, args: await readJson<string[]>(join(folder, 'args.json')) };
}

const inItsOwnProcess = `
  import { writeFileSync } from 'node:fs';
  import chromium from '@sparticuz/chromium';
  await chromium.executablePath();
  writeFileSync(process.env.TMPDIR + '/args.json', JSON.stringify(chromium.args));
`;

/** The machine's own fonts where it has any, and those of the package. */
const fontsOfBoth = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

/** In a process of its own: the package reads TMPDIR, and under Jest process.env is a copy that it would not see. */
async function runPackage(temporaryFolder: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', inItsOwnProcess], {
    cwd: root,
    // The name of a runtime makes it unpack its libraries, too.
    env: {
      ...process.env,
      TMPDIR: temporaryFolder,
      NODE_OPTIONS: '',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    },
  });
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
