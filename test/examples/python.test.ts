import {
  createVisitor,
  hasPython,
  MINUTE,
  openScene,
  revokeUser,
  sessionsOf,
  type Scene,
  type Visitor,
} from './applications.ts';

const MIA = { email: 'mia@shop.example', password: 'mia-likes-apples' };
const SECOND = 1_000;

/** Without Python 3.9 or newer there is nothing to run. */
(hasPython ? describe : describe.skip)('the shopping list, in Python (needs python3)', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene('python');
  });
  afterAll(() => scene?.close());

  async function signIn(): Promise<Visitor> {
    // So that the latest sign-in is the first of the list.
    scene.curfew.clock.advance(SECOND);
    const visitor = createVisitor(scene.application.url);
    const answer = await visitor.postForm('/login', MIA);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    return visitor;
  }
  const whereTo = async (answer: Promise<Response>) => {
    const { status, headers } = await answer;
    return [status, headers.get('location')];
  };
  /** Time for the owner's own session, too, which is not the story. */
  async function pass(milliseconds: number): Promise<void> {
    scene.curfew.clock.advance(milliseconds);
    (scene as { owner: Scene['owner'] }).owner = await scene.account.owner.login();
  }

  test('a sign-in creates a session at Curfew that names the person and the browser, and no one else gets in', async () => {
    const stranger = createVisitor(scene.application.url);
    expect(await whereTo(stranger.get('/'))).toEqual([303, '/login?reason=NO_TOKEN']);
    expect((await stranger.postForm('/login', { ...MIA, password: 'wrong' })).status).toBe(401);
    expect((await stranger.postForm('/login', { email: 'a@b.example', password: '' })).status).toBe(401);
    expect((await stranger.get('/session')).status).toBe(401);

    const mia = await signIn();
    expect(mia.setCookie).toMatch(/^shop_session=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/$/);
    const page = await mia.get('/');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Mia Sommer')]);
    expect((await sessionsOf(scene))[0]).toMatchObject({
      ipAddress: '127.0.0.1',
      userAgent: 'Visitor/1.0',
      user: { externalId: 'mia', name: 'Mia Sommer', email: MIA.email },
    });
  });

  test('what a person adds is shown as text, and counts as activity; what the page asks by itself does not', async () => {
    const mia = await signIn();
    await pass(4 * MINUTE);
    expect(await (await mia.get('/session')).json()).toEqual({
      secondsRemaining: 6 * 60,
      warning: false,
      canExtend: true,
    });
    await pass(2 * MINUTE);
    expect(await (await mia.get('/session')).json()).toMatchObject({
      secondsRemaining: 4 * 60,
      warning: true,
    });

    expect(await whereTo(mia.postForm('/items', { item: '<b>Plums</b>' }))).toEqual([303, '/']);
    expect(await (await mia.get('/session')).json()).toMatchObject({ secondsRemaining: 600, warning: false });
    expect(await (await mia.get('/')).text()).toContain('<li>&lt;b&gt;Plums&lt;/b&gt;</li>');

    await pass(6 * MINUTE);
    expect(await (await mia.postForm('/session')).json()).toMatchObject({ secondsRemaining: 600 });
  });

  test('a session that ran out: the page is told why, and the next click lands on the sign-in page that says it', async () => {
    const mia = await signIn();
    await pass(10 * MINUTE + SECOND);
    const polled = await mia.get('/session');
    expect([polled.status, await polled.json()]).toEqual([401, { error: 'signed_out', reason: 'IDLE' }]);
    expect(await whereTo(mia.get('/'))).toEqual([303, '/login?reason=IDLE']);
    expect(mia.cookies.size).toBe(0);
    expect(await (await mia.get('/login?reason=IDLE')).text()).toContain('because you had been inactive');
    expect(await (await mia.get('/login?reason=%3Cscript%3E')).text()).not.toContain('script>');
  });

  test('a sign-in during a session ends the old one', async () => {
    const mia = await signIn();
    const old = createVisitor(scene.application.url);
    for (const cookie of mia.cookies) old.cookies.set(...cookie);
    expect(await whereTo(mia.postForm('/login', MIA))).toEqual([303, '/']);
    expect((await mia.get('/session')).status).toBe(200);
    const polled = await old.get('/session');
    expect([polled.status, await polled.json()]).toEqual([401, { error: 'signed_out', reason: 'REVOKED' }]);
  });

  test.each([
    ['prefs', '{"a":1}'],
    ['a/b', 'c'],
  ])('the cookie of another application on this host signs no one out: %s', async (name, value) => {
    const mia = createVisitor(scene.application.url);
    mia.cookies.set(name, value);
    await mia.postForm('/login', MIA);
    expect((await mia.get('/session')).status).toBe(200);
  });

  test('whom the owner signs out in Curfew is out at the next request', async () => {
    const mia = await signIn();
    await revokeUser(scene, (await sessionsOf(scene))[0]!.user.id);
    const polled = await mia.get('/session');
    expect([polled.status, await polled.json()]).toEqual([401, { error: 'signed_out', reason: 'REVOKED' }]);
    expect(await whereTo(mia.postForm('/items', { item: 'Cheese' }))).toEqual([303, '/login?reason=REVOKED']);
    expect(await (await (await signIn()).get('/')).text()).not.toContain('Cheese');
  });

  test('signing out ends the session, not only the cookie', async () => {
    const mia = await signIn();
    const [cookie] = [...mia.cookies];
    const { id } = (await sessionsOf(scene))[0]!;
    expect(await whereTo(mia.postForm('/logout'))).toEqual([303, '/login']);
    expect(mia.cookies.size).toBe(0);
    expect((await sessionsOf(scene, 'ENDED')).find((session) => session.id === id)).toMatchObject({
      endReason: 'LOGOUT',
    });
    mia.cookies.set(...cookie!);
    expect((await mia.get('/session')).status).toBe(401);
  });

  test('without Curfew no request gets in and no user is signed out; with it again the same cookie is good', async () => {
    const mia = await signIn();
    scene.line.cut();
    for (const answer of [
      await mia.get('/'),
      await mia.get('/session'),
      await mia.postForm('/items', { item: 'Cheese' }),
      await mia.postForm('/logout'),
      await createVisitor(scene.application.url).postForm('/login', MIA),
    ])
      expect(answer.status).toBe(503);
    expect(mia.cookies.size).toBe(1);
    await scene.line.restore();
    expect((await mia.get('/')).status).toBe(200);
  });

  test('a page of another origin cannot act for a user, and nonsense breaks nothing', async () => {
    const mia = await signIn();
    const foreign = { 'sec-fetch-site': 'same-site' };
    expect((await mia.postForm('/logout', {}, foreign)).status).toBe(403);
    expect((await mia.get('/')).status).toBe(200);
    expect((await mia.get('/../app.py')).status).toBe(404);
    expect((await mia.post('/items', undefined, { headers: { 'content-type': 'text/plain' } })).status).toBe(
      303,
    );
    const stranger = createVisitor(scene.application.url);
    stranger.cookies.set('shop_session', 'x'.repeat(5_000));
    expect((await stranger.get('/session')).status).toBe(401);
  });
});
