import { type SessionWatcher } from '@curfew/client';
import { ApiError, call, SignedOutError } from './api.ts';
import { element } from './element.ts';
import { followSession, leave } from './expiry-notice.ts';

interface Note {
  id: string;
  text: string;
}

const POLL_MS = 15_000;

let watcher: SessionWatcher | undefined;

void attempt(async () => {
  const { name, curfewUrl } = await call<{ name: string; curfewUrl: string }>('GET', '/api/me');
  element('name').textContent = name;
  watcher = followSession(curfewUrl);
  await load();
});

// Shows notes added on another device. The back end learns that this request is not activity.
setInterval(() => document.hidden || void attempt(() => load({ isBackground: true })), POLL_MS);

onSubmit('new-note', async (body) => {
  await call('POST', '/api/notes', { body });
  await load();
});

onSubmit('password', async (body) => {
  // The session ends and a new one replaces it. The event of the end may arrive before the answer.
  watcher?.stop();
  await call('POST', '/api/password', { body }).catch((error: unknown) => {
    watcher?.start();
    throw error;
  });
  // Reload with the new session.
  location.reload();
});

element('sign-out').addEventListener('click', () =>
  attempt(async () => {
    // From here on, the end that Curfew reports is a self sign-out, in every tab.
    const takeBack = watcher?.expectSignOut();
    await call('POST', '/api/sign-out').catch((error: unknown) => {
      takeBack?.();
      throw error;
    });
    leave('');
  }),
);

async function load({ isBackground = false } = {}): Promise<void> {
  const notes = await call<Note[]>('GET', '/api/notes', { isBackground });
  element('empty').hidden = notes.length > 0;
  element('notes').replaceChildren(...notes.map(noteItem));
}

function noteItem({ id, text }: Note): HTMLLIElement {
  const [item, words, remove] = [
    document.createElement('li'),
    document.createElement('span'),
    document.createElement('button'),
  ];
  words.textContent = text;
  remove.textContent = 'Remove';
  remove.setAttribute('aria-label', `Remove ${text}`);
  remove.addEventListener('click', () =>
    attempt(async () => {
      await call('DELETE', `/api/notes/${id}`);
      await load();
    }),
  );
  item.append(words, remove);
  return item;
}

function onSubmit(id: string, send: (body: Record<string, unknown>) => Promise<void>): void {
  const form = element<HTMLFormElement>(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(async () => {
      await send(Object.fromEntries(new FormData(form)));
      form.reset();
    });
  });
}

const REFUSALS: Record<string, string> = {
  wrong_password: 'That is not your current password.',
  bad_input: 'A new password has at least 15 characters.',
};

/** Shows the error. When the session has ended, the sign-in page shows the reason. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
    element('message').textContent = '';
  } catch (error) {
    if (error instanceof SignedOutError) {
      // Curfew gives the page a more specific reason than this API, such as a changed password.
      await watcher?.check();
      return leave(error.reason);
    }
    const known = error instanceof ApiError ? REFUSALS[error.code] : undefined;
    element('message').textContent = known ?? 'That did not work. Try again in a moment.';
  }
}
