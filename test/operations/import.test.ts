import jwt from 'jsonwebtoken';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGraphQLClient } from '../graphql-client.ts';
import { claimsOf, REFRESH } from '../seed.ts';
import { onEachDataLocation } from './data-locations.ts';
import { runOnce, startServer } from './processes.ts';

const EMAIL = 'Owner@example.test';
const DAY = 86_400;

onEachDataLocation((location) => {
  const admin = (...args: string[]) => runOnce('server/cli/admin.ts', args, location().env);

  test('an imported token rotates exactly once', async () => {
    const secret = randomBytes(32).toString('base64url');
    const env = Object.assign(location().env, { REFRESH_TOKEN_SECRET: secret });
    await admin('create-account', '--name', 'Example Ltd', '--owner-email', EMAIL);

    const now = Math.floor(Date.now() / 1000);
    const jti = `old|${randomUUID()}`;
    const exp = now + 30 * DAY;
    const path = join(env.DATA_DIR!, 'tokens.csv');
    const csv = [
      'user,expires,jti,issued',
      `"${EMAIL}",${exp},"${jti}",${new Date((now - DAY) * 1000).toISOString()}`,
      `${EMAIL},${now - 1},expired-and-never-shown-whole,${now - DAY}`,
    ].join('\r\n');
    await writeFile(path, `\ufeff${csv}\r\n`);

    const refused = await admin('import-tokens', path);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'line 3 (jti expired-...): expired\nNothing was imported: 1 bad line. Use --skip-bad to leave them out.\n',
    );
    const imported = await admin('import-tokens', path, '--skip-bad');
    expect(imported).toEqual({
      code: 0,
      stdout: 'line 3 (jti expired-...): expired\nimported: 1, already there: 0, bad lines: 1\n',
      stderr: '',
    });
    const server = await startServer({ ...env, DEMO: 'false', REFRESH_REUSE_GRACE_SECONDS: '0' });
    const { gql } = createGraphQLClient(server.url);
    const present = (refreshToken: string) => gql(REFRESH, { input: { refreshToken } });
    const old = jwt.sign({ sub: EMAIL, jti, type: 'refresh', exp }, secret, { noTimestamp: true });
    const first = await present(old);
    expect(first.errors).toBeUndefined();
    expect(first.data.refreshSession.session.id).toBe(jti);
    expect(claimsOf(first.data.refreshSession.refreshToken)).toMatchObject({ sid: jti, gen: 1 });
    const second = await present(old);
    expect(second.extensions).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      endReason: 'REFRESH_TOKEN_REUSED',
    });
    expect((await present(first.data.refreshSession.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    await server.stop();
  }, 120_000);
});
