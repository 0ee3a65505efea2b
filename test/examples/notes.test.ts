import {
  createVisitor,
  MINUTE,
  openScene,
  revokeUser,
  sessionsOf,
  type Scene,
  type Visitor,
} from './applications.ts';

const LENA = { email: 'lena@notes.example', password: 'lena-likes-lemons' };
const SECOND = 1_000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene('notes');
});
afterAll(() => scene?.close());

async function signIn(person = LENA): Promise<Visitor> {
  // So that the latest sign-in is the first of the list.
  scene.curfew.clock.advance(SECOND);
  const visitor = createVisitor(scene.application.url);
  expect((await visitor.post('/api/sign-in', person)).status).toBe(204);
  return visitor;
}
/** Status and body of an answer. */
async function outcome(answer: Promise<Response>): Promise<[number, any]> {
  const { status, text } = await answer.then(async (response) => ({
    status: response.status,
    text: await response.text(),
  }));
  return [status, text === '' ? null : JSON.parse(text)];
}
/** Time for the owner's own session, too, which is not the story. */
async function pass(milliseconds: number): Promise<void> {
  scene.curfew.clock.advance(milliseconds);
  (scene as { owner: Scene['owner'] }).owner = await scene.account.owner.login();
}
const deadlineOf = async (id: string): Promise<string> =>
  (await sessionsOf(scene)).find((session) => session.id === id)!.idleExpiresAt;
const BACKGROUND = { 'x-background': '1' };

test('a sign-in creates a session at Curfew that names the person and the browser, and no one else gets in', async () => {
  const stranger = createVisitor(scene.application.url);
  expect(await outcome(stranger.get('/api/notes'))).toEqual([
    401,
    expect.objectContaining({ reason: 'NO_TOKEN' }),
  ]);
  expect(await outcome(stranger.post('/api/sign-in', { ...LENA, password: 'wrong' }))).toEqual([
    401,
    { error: 'wrong_password' },
  ]);
  expect((await stranger.post('/api/sign-in')).status).toBe(401);
  stranger.cookies.set('notes_session', 'x'.repeat(43));
  expect(await outcome(stranger.get('/api/notes'))).toEqual([
    401,
    expect.objectContaining({ reason: 'NOT_FOUND' }),
  ]);

  const lena = await signIn();
  expect(lena.setCookie).toMatch(/^notes_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await outcome(lena.get('/api/me'))).toEqual([200, expect.objectContaining({ name: 'Lena Vogel' })]);
  expect((await sessionsOf(scene))[0]).toMatchObject({
    ipAddress: '127.0.0.1',
    userAgent: 'Visitor/1.0',
    user: { externalId: 'lena', name: 'Lena Vogel', email: LENA.email },
  });
});

test('a session of a user whom the application does not know opens nothing', async () => {
  const { key } = await scene.curfew.seed.serviceKey(scene.account.id);
  const create = 'mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }';
  const input = { externalId: 'zoe', email: 'zoe@notes.example', name: 'Zoe' };
  const { data } = await scene.curfew.gql(create, { input }, { token: key });
  const zoe = createVisitor(scene.application.url);
  zoe.cookies.set('notes_session', data.createSession.sessionToken);
  expect(await outcome(zoe.get('/api/notes'))).toEqual([
    401,
    expect.objectContaining({ reason: 'NOT_FOUND' }),
  ]);
});

test('everybody has notes of their own', async () => {
  const [lena, paul] = [
    await signIn(),
    await signIn({ email: 'paul@notes.example', password: 'paul-likes-plums' }),
  ];
  const [status, note] = await outcome(lena.post('/api/notes', { text: 'Water the <b>lemons</b>' }));
  expect([status, note.text]).toEqual([201, 'Water the <b>lemons</b>']);
  expect(await outcome(paul.get('/api/notes'))).toEqual([200, []]);
  await paul.post(`/api/notes/${note.id}`, undefined, { method: 'DELETE' });
  expect(await outcome(lena.get('/api/notes'))).toEqual([200, [note]]);
  await lena.post(`/api/notes/${note.id}`, undefined, { method: 'DELETE' });
  expect(await outcome(lena.get('/api/notes'))).toEqual([200, []]);
  expect((await lena.post('/api/notes', { text: ' ' })).status).toBe(400);
});

test('what a person does is activity; what the page does by itself is not', async () => {
  const lena = await signIn();
  const { id, idleExpiresAt } = (await sessionsOf(scene))[0]!;
  await pass(4 * MINUTE);
  expect((await lena.get('/api/notes', BACKGROUND)).status).toBe(200);
  expect((await lena.post('/api/session-access-token', undefined, { headers: BACKGROUND })).status).toBe(200);
  expect(await deadlineOf(id)).toBe(idleExpiresAt);
  await lena.get('/api/notes');
  await pass(6 * MINUTE + SECOND);
  expect((await lena.get('/api/notes', BACKGROUND)).status).toBe(200);
  await pass(4 * MINUTE);
  expect(await outcome(lena.get('/api/notes'))).toEqual([401, expect.objectContaining({ reason: 'IDLE' })]);
});

test('whom the owner signs out in Curfew is out at the next request', async () => {
  const lena = await signIn();
  await revokeUser(scene, (await sessionsOf(scene))[0]!.user.id);
  expect(await outcome(lena.get('/api/notes'))).toEqual([
    401,
    expect.objectContaining({ reason: 'REVOKED' }),
  ]);
});

test('whom the owner has switched off is told so at the sign-in', async () => {
  const PAUL = { email: 'paul@notes.example', password: 'paul-likes-plums' };
  await signIn(PAUL);
  const { user } = (await sessionsOf(scene))[0]!;
  const setActive =
    'mutation ($id: ID!, $is: Boolean!) { setUserActive(userId: $id, isActive: $is) { isActive } }';
  await scene.owner.gql(setActive, { id: user.id, is: false });
  expect(await outcome(createVisitor(scene.application.url).post('/api/sign-in', PAUL))).toEqual([
    403,
    { error: 'inactive' },
  ]);
  await scene.owner.gql(setActive, { id: user.id, is: true });
  await signIn(PAUL);
});

test('signing out ends the session, not only the cookie; signing in again ends the one before', async () => {
  const lena = await signIn();
  const [cookie] = [...lena.cookies];
  const first = (await sessionsOf(scene))[0]!.id;
  expect((await lena.post('/api/sign-in', LENA)).status).toBe(204);
  const second = (await sessionsOf(scene))[0]!.id;
  expect((await lena.post('/api/sign-out')).status).toBe(204);
  expect(lena.cookies.size).toBe(0);
  const ended = new Map((await sessionsOf(scene, 'ENDED')).map(({ id, endReason }) => [id, endReason]));
  expect([ended.get(first), ended.get(second)]).toEqual(['LOGOUT', 'LOGOUT']);
  lena.cookies.set(...cookie!);
  expect((await lena.get('/api/notes')).status).toBe(401);
});

test('a person with one session at most signs in again in the same browser', async () => {
  const save = (maxSessionsPerUser: number | null) =>
    scene.owner.gql(
      'mutation ($max: Int) { updateSessionPolicy(input: { maxSessionsPerUser: $max }) { sessionPolicy { version } } }',
      { max: maxSessionsPerUser },
    );
  await scene.owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
  expect((await save(1)).errors).toBeUndefined();
  const lena = await signIn();
  expect((await lena.post('/api/sign-in', LENA)).status).toBe(204);
  expect((await lena.get('/api/notes')).status).toBe(200);
  expect((await save(null)).errors).toBeUndefined();
});

test('a new password signs out every other browser, and only those', async () => {
  const [here, there] = [await signIn(), await signIn()];
  const change = (current: string, next: string) => here.post('/api/password', { current, next });
  expect(await outcome(change('wrong', 'lena-likes-limes'))).toEqual([401, { error: 'wrong_password' }]);
  expect((await change(LENA.password, 'short')).status).toBe(400);
  expect((await there.get('/api/notes')).status).toBe(200);

  expect((await change(LENA.password, 'lena-likes-limes')).status).toBe(204);
  expect((await here.get('/api/notes')).status).toBe(200);
  expect((await there.get('/api/notes')).status).toBe(401);
  const reasons = (await sessionsOf(scene, 'ENDED')).map(({ endReason }) => endReason);
  expect(reasons).toContain('PASSWORD_CHANGED');
  expect((await createVisitor(scene.application.url).post('/api/sign-in', LENA)).status).toBe(401);
  expect((await change('lena-likes-limes', LENA.password)).status).toBe(204);
});

test('without Curfew no request gets in and no user is signed out; with it again the same cookie is good', async () => {
  const lena = await signIn();
  scene.line.cut();
  for (const answer of [
    await lena.get('/api/notes'),
    await lena.post('/api/notes', { text: 'Lost' }),
    await lena.post('/api/session-access-token', undefined, { headers: BACKGROUND }),
    await lena.post('/api/sign-out'),
    await createVisitor(scene.application.url).post('/api/sign-in', LENA),
  ])
    expect(answer.status).toBe(503);
  expect(lena.cookies.size).toBe(1);
  await scene.line.restore();
  expect((await lena.get('/api/notes')).status).toBe(200);
});

test('a page of another origin cannot act for a user, and nonsense breaks nothing', async () => {
  const lena = await signIn();
  const foreign = { 'sec-fetch-site': 'same-site' };
  expect((await lena.post('/api/sign-out', undefined, { headers: foreign })).status).toBe(403);
  expect((await lena.get('/api/notes')).status).toBe(200);
  expect((await lena.post('/api/notes', 'x'.repeat(20_000))).status).toBe(413);
  const broken = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } };
  expect((await fetch(`${scene.application.url}/api/sign-in`, broken)).status).toBe(400);
});
