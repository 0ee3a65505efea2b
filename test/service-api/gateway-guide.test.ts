import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { hasShell } from '../shell.ts';
import { introspect } from './endpoint-calls.ts';

const GUIDES = new URL('../../docs/guides/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, GUIDES), 'utf8');
const guide = read('gateways.md');
const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command]) => command!);

const HEADERS = ['user', 'account', 'role', 'session', 'expires'].map((name) => `x-curfew-${name}`);
const PROOFS = ['authorization', 'x-session-token', 'cookie'];
const VERIFY = 'http://127.0.0.1:4000/auth/verify';
const OWN_PATHS = ['/login', '/account', '/assets', '/graphql', '/set-password', '/favicon.svg'];

/** As WSGI, PHP and CGI read `X-Curfew-User`, too. */
const otherSpellings = (header: string): string[] => {
  const name = header.slice('x-curfew-'.length).replace(/^./, (first) => first.toUpperCase());
  return [`X_Curfew_${name}`, `X-Curfew_${name}`, `X_Curfew-${name}`];
};

const lower = (names: string[]): string[] => names.map((name) => name.toLowerCase());

(hasShell ? describe : describe.skip)('the commands of the guide (needs bash and curl)', () => {
  let app: TestApp;
  let account: SeededAccount;
  let key: { id: string; key: string };
  beforeAll(async () => {
    app = await startApp();
    account = await app.seed.account();
    key = await app.seed.serviceKey(account.id);
  });
  afterAll(() => app.close());

  async function run(command: string, token: string): Promise<string> {
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', command.replaceAll('http://127.0.0.1:4000', app.url)],
      { env: { PATH: process.env.PATH, TOKEN: token, KEY_ID: key.id, SERVICE_KEY: key.key } },
    );
    return stdout;
  }

  test.each(commands.map((command) => [command.trim()]))('%s', async (command) => {
    const { accessToken, sessionId } = await account.owner.login();
    const answer = await run(command, accessToken);
    if (command.includes('/oauth/introspect'))
      expect(JSON.parse(answer)).toMatchObject({ active: true, sid: sessionId });
    else if (command.includes('/oauth/revoke'))
      expect(await introspect(app, key.key, accessToken)).toEqual({ active: false });
    else {
      expect(answer).toMatch(command.includes('/auth/verify/') ? /^HTTP\/1.1 200/ : /^HTTP\/1.1 204/);
      for (const header of HEADERS) expect(answer).toMatch(new RegExp(`^${header}: \\S+`, 'mi'));
      expect(await run(command, 'x')).toMatch(/^HTTP\/1.1 401/);
    }
  });

  test('the guide has commands for each endpoint', () => {
    for (const path of ['/auth/verify', '/auth/verify/', '?touch=true', '/oauth/introspect', '/oauth/revoke'])
      expect(commands.some((command) => command.includes(path))).toBe(true);
  });
});

test('the guide links to every file', () => {
  for (const file of ['nginx.conf', 'traefik.yaml', 'envoy.yaml', 'Caddyfile'])
    expect(guide).toContain(`(gateways/${file})`);
});

test('Traefik: asks with every credential, copies every header, and guards the application only', () => {
  const { http } = parse(read('gateways/traefik.yaml'));
  const { curfew, 'curfew-background': background } = http.middlewares;
  expect(curfew.forwardAuth.address).toBe(`${VERIFY}?touch=true`);
  expect(background.forwardAuth.address).toBe(VERIFY);
  for (const { forwardAuth } of [curfew, background]) {
    expect(lower(forwardAuth.authResponseHeaders).toSorted()).toEqual(HEADERS.toSorted());
    const own = lower(forwardAuth.authRequestHeaders);
    expect(own.filter((name) => name !== 'sec-fetch-site').toSorted()).toEqual(PROOFS.toSorted());
  }
  expect(lower(curfew.forwardAuth.authRequestHeaders)).toContain('sec-fetch-site');
  const { application, background: polling, curfew: own } = http.routers;
  expect([application.middlewares, polling.middlewares]).toEqual([
    ['other-spellings', 'curfew'],
    ['other-spellings', 'curfew-background'],
  ]);
  expect(http.middlewares['other-spellings'].headers.customRequestHeaders).toEqual(
    Object.fromEntries(HEADERS.flatMap(otherSpellings).map((name) => [name, ''])),
  );
  expect(own.middlewares).toBeUndefined();
  expect([application.entryPoints, polling.entryPoints, own.entryPoints]).toEqual([
    ['websecure'],
    ['websecure'],
    ['curfew'],
  ]);
  expect(polling.priority).toBeGreaterThan(application.priority);
  const rule = new RegExp(/PathRegexp\(`(.*)`\)/.exec(own.rule)![1]!);
  for (const path of OWN_PATHS) expect(path).toMatch(rule);
  for (const path of ['/', '/auth/verify', '/oauth/revoke', '/loginx', '/x/login'])
    expect(path).not.toMatch(rule);
});

test("Envoy: fails closed, and removes the client's headers before it asks", () => {
  const { listeners, clusters } = parse(read('gateways/envoy.yaml')).static_resources;
  const [manager, ownManager] = listeners.map(
    (listener: any) => listener.filter_chains[0].filters[0].typed_config,
  );
  const [mutation, check, router] = manager.http_filters.map((filter: any) => filter.typed_config);
  expect(mutation.mutations.request_mutations.map(({ remove }: any) => remove).toSorted()).toEqual(
    HEADERS.toSorted(),
  );
  expect(manager.common_http_protocol_options.headers_with_underscores_action).toBe('DROP_HEADER');
  expect(check['@type']).toMatch(/ext_authz\.v3\.ExtAuthz$/);
  expect(check.failure_mode_allow).toBe(false);
  expect(check.http_service.path_prefix).toBe('/auth/verify');
  expect(check.http_service.authorization_response.allowed_upstream_headers.patterns).toEqual([
    { prefix: 'x-curfew-' },
  ]);
  const proofs = check.allowed_headers.patterns.map(({ exact }: any) => exact);
  expect(proofs.toSorted()).toEqual(PROOFS.toSorted());
  expect(router['@type']).toMatch(/Router$/);
  const [rest, ...others] = manager.route_config.virtual_hosts[0].routes;
  expect(others).toEqual([]);
  const ports = listeners.map((listener: any) => listener.address.socket_address.port_value);
  expect(ports[0]).not.toBe(ports[1]);
  const [own, ...otherOwn] = ownManager.route_config.virtual_hosts[0].routes;
  expect(otherOwn).toEqual([]);
  const rule = new RegExp(`^(?:${own.match.safe_regex.regex})$`);
  for (const path of OWN_PATHS) expect(path).toMatch(rule);
  for (const path of ['/', '/auth/verify', '/oauth/revoke', '/loginx']) expect(path).not.toMatch(rule);
  expect([own.route.cluster, rest.route.cluster]).toEqual(['curfew', 'application']);
  expect(rest.typed_per_filter_config).toBeUndefined();
  expect(clusters.map(({ name }: any) => name)).toEqual(['curfew', 'application']);
});

test("Caddy: each route removes the client's headers, asks, then serves the application", () => {
  const routes = [...read('gateways/Caddyfile').matchAll(/\troute \{([\s\S]*?)\n\t\t\}/g)].map(
    ([, body]) => body!,
  );
  expect(routes).toHaveLength(2);
  for (const body of routes) {
    const order = [
      'request_header -X-Curfew*',
      'request_header -X_Curfew*',
      'forward_auth 127.0.0.1:4000',
      'reverse_proxy 127.0.0.1:3000',
    ];
    const places = order.map((directive) => body.indexOf(directive));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    const copied = /copy_headers (.*)/.exec(body)![1]!.split(' ');
    expect(lower(copied).toSorted()).toEqual(HEADERS.toSorted());
    expect(body).toMatch(/uri \/auth\/verify(\?touch=true)?\n/);
  }
  const [own, application] = read('gateways/Caddyfile').split(/^app\.example\.com \{$/m);
  expect(own).toContain('app.example.com:8443 {');
  for (const path of OWN_PATHS) expect(own).toContain(` ${path}`);
  expect(own).not.toContain('127.0.0.1:3000');
  expect(application!.match(/reverse_proxy .*/g)).toEqual(Array(2).fill('reverse_proxy 127.0.0.1:3000'));
});

test('every configuration has Curfew on a separate origin', () => {
  for (const file of ['nginx.conf', 'traefik.yaml', 'envoy.yaml', 'Caddyfile'])
    expect(read(`gateways/${file}`)).toContain('PUBLIC_URL=https://app.example.com:8443');
  expect(guide).toContain('PUBLIC_URL=https://app.example.com:8443');
});
