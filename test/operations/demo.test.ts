import { dataOf } from '../policy/policy-calls.ts';
import { ensureDemo } from '../../server/demo/demo.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN } from '../seed.ts';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await startApp({ demo: true });
  const { email, password } = app.demo.owner;
  token = dataOf(await app.gql(LOGIN, { input: { email, password } })).login.accessToken;
});
afterAll(() => app.close());

const read = async (query: string): Promise<any> => dataOf(await app.gql(query, {}, { token }));
const within = (instant: string, minutes: number) =>
  Date.parse(instant) - app.clock.now().getTime() <= minutes * 60_000;

const SESSIONS = `sessions(first: 100) { totalCount edges { node {
  isCurrent appType device expiresAt expiryReason } } }`;

test('a dozen sessions live on different devices, one near each deadline, of both kinds of application', async () => {
  const { sessions } = await read(`{ ${SESSIONS} }`);
  const nodes = sessions.edges.map(({ node }: any) => node).filter(({ isCurrent }: any) => !isCurrent);
  expect(nodes.length).toBeGreaterThanOrEqual(12);
  expect(new Set(nodes.map(({ device }: any) => device)).size).toBeGreaterThanOrEqual(6);
  expect(new Set(nodes.map(({ appType }: any) => appType)).size).toBe(2);
  for (const reason of ['IDLE', 'ABSOLUTE'])
    expect(
      nodes.filter((node: any) => node.expiryReason === reason && within(node.expiresAt, 30)).length,
    ).toBeGreaterThanOrEqual(1);
});

test('the next twelve hours have expiries of both kinds, spread over the chart', async () => {
  const { sessionExpiryForecast } = await read(`{ sessionExpiryForecast { idle absolute } }`);
  const sum = (kind: string) =>
    sessionExpiryForecast.reduce((total: number, slice: any) => total + slice[kind], 0);
  expect(sum('idle')).toBeGreaterThanOrEqual(4);
  expect(sum('absolute')).toBeGreaterThanOrEqual(3);
  const busy = sessionExpiryForecast.flatMap(({ idle, absolute }: any, index: number) =>
    idle + absolute > 0 ? [index] : [],
  );
  expect(busy.length).toBeGreaterThanOrEqual(6);
  expect(busy.at(-1)).toBeGreaterThanOrEqual(18);
});

test('ended sessions have their reasons, and the audit trail explains them', async () => {
  const { sessions, auditEvents, sessionPolicy } = await read(`{
    sessions(first: 100, status: ENDED) { edges { node { endReason } } }
    auditEvents(first: 100) { edges { node { action } } }
    sessionPolicy { version updatedBy { name } activeUserCount } }`);
  const found = (edges: any[], key: string) => new Set(edges.map(({ node }) => node[key]));
  expect([...found(sessions.edges, 'endReason')].toSorted()).toEqual([
    'ABSOLUTE_TIMEOUT',
    'IDLE_TIMEOUT',
    'LOGOUT',
    'PASSWORD_CHANGED',
    'REFRESH_TOKEN_REUSED',
    'REVOKED_BY_USER',
  ]);
  for (const action of ['account.session_policy_update', 'session.started', 'session.ended', 'user.invited'])
    expect(found(auditEvents.edges, 'action')).toContain(action);
  expect(sessionPolicy).toMatchObject({ version: 1, updatedBy: { name: 'Ana Owner' }, activeUserCount: 8 });
});

test('people are in every state, and the link of the invited one still works', async () => {
  const { users } = await read(`{ users { edges { node { status linkExpiresAt sessionCount } } } }`);
  const nodes: any[] = users.edges.map(({ node }: any) => node);
  const inState = (state: string) => nodes.filter(({ status }) => status === state);
  expect(inState('ACTIVE')).toHaveLength(6);
  expect(inState('DEACTIVATED')).toHaveLength(1);
  expect(inState('EXTERNAL')).toHaveLength(2);
  expect(inState('INVITED')).toEqual([
    { status: 'INVITED', linkExpiresAt: expect.any(String), sessionCount: 0 },
  ]);
});

test('a second start adds nothing and keeps the passwords', async () => {
  const before = await read(`{ sessions { totalCount } auditEvents { totalCount } }`);
  expect(await ensureDemo(app.app, app.config)).toEqual([app.demo.owner, app.demo.member]);
  expect(await read(`{ sessions { totalCount } auditEvents { totalCount } }`)).toEqual(before);
});

test('a deleted demo account does not come back, and its e-mails are like any other', async () => {
  const again = await startApp({ demo: true });
  try {
    const [first] = await ensureDemo(again.app, again.config);
    const { email, password } = first!;
    const signedIn = dataOf(await again.gql(LOGIN, { input: { email, password } })).login;
    const deletion = 'mutation { deleteAccount(confirmName: "Northwind Demo") }';
    expect((await again.gql(deletion, {}, { token: signedIn.accessToken })).errors).toBeUndefined();
    expect(await ensureDemo(again.app, again.config)).toEqual([]);

    const { owner } = await again.seed.account();
    const invite = `mutation { inviteUser(input: { email: "${email}", name: "Nia New" }) { setPasswordUrl } }`;
    const { setPasswordUrl } = dataOf(await (await owner.login()).gql(invite)).inviteUser;
    const token = setPasswordUrl.split('#token=')[1];
    const input = { token, newPassword: 'a much better password' };
    const setPassword = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { user { email } } }`;
    expect(dataOf(await again.gql(setPassword, { input })).setPassword.user).toEqual({ email });
    expect(await ensureDemo(again.app, again.config)).toEqual([]);
    const own = await again.gql(LOGIN, { input: { email, password: 'a much better password' } });
    expect(own.errors).toBeUndefined();
  } finally {
    await again.close();
  }
});
