import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { findFreePort } from '../../server/http/free-port.ts';
import { connectCurfew, CurfewError, type Curfew } from '../../client/src/server/index.ts';

/** An application on another origin that has the notice by one line, under a strict content security policy. */
export interface NoticeApplication {
  readonly origin: string;
  open(curfew: { url: string; serviceKey: string }): Promise<void>;
  close(): void;
}

export const APPLICATION_PASSWORD = 'open sesame';

/** Reserves the port before Curfew starts, because Curfew has to know the origin. */
export async function createNoticeApplication(): Promise<NoticeApplication> {
  const port = await findFreePort();
  let curfew: Curfew | undefined;
  let curfewUrl = '';
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });

  const newSession = async (): Promise<string> => {
    const input = { externalId: 'ana', email: 'ana@app.example', name: 'Ana', ipAddress: '192.0.2.1' };
    return (await curfew!.createSession(input)).sessionToken;
  };
  const accessTokenOf = async (sessionToken: string): Promise<unknown> => {
    try {
      return await curfew!.issueSessionAccessToken(sessionToken);
    } catch (error) {
      if (error instanceof CurfewError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const [, session] = /(?:^|; )app_session=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
    const keep = (token: string) =>
      response.setHeader('set-cookie', `app_session=${token}; HttpOnly; SameSite=Strict; Path=/`);
    const json = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        keep(session ?? (await newSession()));
        return page(response, noticePage(curfewUrl, searchParams));
      case 'GET /frame': {
        const inside = searchParams.has('srcdoc')
          ? `srcdoc="${noticePage(curfewUrl, searchParams).replaceAll('"', '&quot;')}"`
          : 'src="/?lang=en"';
        if (session === undefined) keep(await newSession());
        return page(response, `<!doctype html><title>Frame</title><iframe title="App" ${inside}></iframe>`);
      }
      case 'POST /session-access-token':
        return json(session === undefined ? null : await accessTokenOf(session));
      case 'POST /confirm': {
        const { password } = JSON.parse(await text(request)) as { password: string };
        if (password !== APPLICATION_PASSWORD) return response.writeHead(401).end();
        const { sessionToken } = await curfew!.reauthenticateSession(session!);
        keep(sessionToken);
        return json(await accessTokenOf(sessionToken));
      }
      // What a framework does with a request that it takes for one of a signed-out user.
      case 'POST /guarded':
        return response.writeHead(303, { location: '/sign-in' }).end();
      case 'GET /sign-in':
        return page(response, '<!doctype html><title>Sign in</title><h1>Sign in</h1>');
      default:
        return response.writeHead(404).end();
    }
  }

  function page(response: ServerResponse, html: string): void {
    const sources = `${curfewUrl} ${curfewUrl.replace(/^http/, 'ws')}`;
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src ${curfewUrl}; connect-src 'self' ${sources}; frame-src 'self'; style-src 'none'; require-trusted-types-for 'script'; base-uri 'none'`,
    });
    response.end(html);
  }

  return {
    origin: `http://localhost:${port}`,
    async open({ url, serviceKey }) {
      curfewUrl = url;
      curfew = connectCurfew({ url, serviceKey });
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    },
    close() {
      server.closeAllConnections();
      server.close();
      curfew?.close();
    },
  };
}

/** The page has no script of its own: the test listens to the events. */
function noticePage(curfewUrl: string, query: URLSearchParams): string {
  const tokenUrl = query.has('guarded') ? '/guarded' : '/session-access-token';
  const attributes = query.has('confirm') ? 'reauthentication-url="/confirm"' : '';
  return `<!doctype html>
<html lang="${query.get('lang') ?? 'en'}" dir="${query.get('dir') ?? 'ltr'}">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <meta name="color-scheme" content="light dark" />
  <title>Orders</title>
  <script type="module" src="${curfewUrl}/notice.js"></script>
  <curfew-notice token-url="${tokenUrl}" sign-in-url="/sign-in" ${attributes}></curfew-notice>
  <main id="main"><h1>Orders</h1><label>Note <input /></label></main>
</html>`;
}
