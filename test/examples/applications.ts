import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';

const ROOT = join(import.meta.dirname, '../..');

/** An example in a process of its own, as its README starts it. */
export interface Application {
  readonly url: string;
  stop(): Promise<void>;
}

export const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

/** Ten minutes without activity, thirty in all. */
export const LIMITS = { SESSION_IDLE_MINUTES_DEFAULT: '10', SESSION_ABSOLUTE_MINUTES_DEFAULT: '30' };
export const MINUTE = 60_000;

const COMMANDS = {
  notes: [process.execPath, '--conditions=curfew-source', 'examples/notes/main.ts'],
  python: ['python3', 'examples/python/app.py'],
} satisfies Record<string, string[]>;

export async function startApplication(
  which: keyof typeof COMMANDS,
  curfew: { url: string; key: string },
  port: number,
): Promise<Application> {
  const [command, ...args] = COMMANDS[which];
  const child = spawn(command!, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: 'clients/python',
      CURFEW_URL: curfew.url,
      CURFEW_SERVICE_KEY: curfew.key,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const url = await new Promise<string>((found, fail) => {
    const look = (text: string) => {
      output += text;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (match) found(match[0]);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', fail);
    void ended.then(() => fail(new Error(`The example ended before it was ready:\n${output}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A browser as far as HTTP goes: it keeps its cookies and follows no redirect. */
export interface Visitor {
  /** Name and value of the cookies, as they are sent. */
  readonly cookies: Map<string, string>;
  /** The last Set-Cookie header. */
  readonly setCookie: string | null;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(
    path: string,
    body?: unknown,
    options?: { method?: string; headers?: Record<string, string> },
  ): Promise<Response>;
  postForm(
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

export function createVisitor(url: string): Visitor {
  const cookies = new Map<string, string>();
  let setCookie: string | null = null;

  async function send(
    path: string,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'user-agent': 'Visitor/1.0', ...init.headers, ...(cookie ? { cookie } : {}) };
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    for (const header of response.headers.getSetCookie()) {
      setCookie = header;
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)!;
      if (value) cookies.set(name!, value);
      else cookies.delete(name!);
    }
    return response;
  }

  return {
    cookies,
    get setCookie() {
      return setCookie;
    },
    get: (path, headers) => send(path, { headers }),
    post: (path, body, { method = 'POST', headers } = {}) =>
      send(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    postForm: (path, fields = {}, headers) =>
      send(path, { method: 'POST', headers, body: new URLSearchParams(fields) }),
  };
}

/** A Curfew with an account whose owner is signed in, and an example that reaches it over a line that can be cut. */
export interface Scene {
  readonly curfew: TestApp;
  readonly account: SeededAccount;
  readonly owner: SignedIn;
  readonly application: Application;
  readonly line: TcpProxy;
  close(): Promise<void>;
}

export async function openScene(which: keyof typeof COMMANDS): Promise<Scene> {
  const applicationPort = await findFreePort();
  const env = { ...LIMITS, ALLOWED_ORIGINS: `http://127.0.0.1:${applicationPort}` };
  const curfew = await startApp({ env });
  const account = await curfew.seed.account();
  const { key } = await curfew.seed.serviceKey(account.id);
  const { hostname, port } = new URL(curfew.url);
  const line = await startTcpProxy({ host: hostname, port: Number(port) });
  const reach = { url: `http://127.0.0.1:${line.port}`, key };
  const application = await startApplication(which, reach, applicationPort);
  return {
    curfew,
    account,
    owner: await account.owner.login(),
    application,
    line,
    async close() {
      await application.stop();
      await line.close();
      await curfew.close();
    },
  };
}

interface SessionNode {
  id: string;
  idleExpiresAt: string;
  ipAddress: string | null;
  userAgent: string | null;
  endReason: string | null;
  user: { id: string; externalId: string | null; name: string; email: string };
}

/** The service sessions of the account, latest sign-in first. */
export async function sessionsOf(
  { owner }: Scene,
  status: 'ACTIVE' | 'ENDED' = 'ACTIVE',
): Promise<SessionNode[]> {
  const query = `query ($status: SessionStatus!) { sessions(status: $status) { edges { node {
    id idleExpiresAt ipAddress userAgent endReason user { id externalId name email } } } } }`;
  const { data } = await owner.gql(query, { status });
  const nodes: SessionNode[] = data.sessions.edges.map(({ node }: { node: SessionNode }) => node);
  return nodes.filter(({ user }) => user.externalId !== null);
}

/** As the owner does in the dashboard. */
export async function revokeUser({ owner }: Scene, userId: string): Promise<void> {
  const query = 'mutation ($userId: ID!) { revokeUserSessions(userId: $userId) { revokedCount } }';
  const answer = await owner.gql(query, { userId });
  expect(answer.errors).toBeUndefined();
}
