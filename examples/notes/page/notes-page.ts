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

// What was added on another device appears here, too; that nobody asked for it is told to the back end.
setInterval(() => document.hidden || void attempt(() => load({ isBackground: true })), POLL_MS);

onSubmit('new-note', async (body) => {
  await call('POST', '/api/notes', { body });
  await load();
});

onSubmit('password', async (body) => {
  // The session ends and another one takes its place: the news of the end may come before the answer.
  watcher?.stop();
  await call('POST', '/api/password', { body }).catch((error: unknown) => {
    watcher?.start();
    throw error;
  });
  // The page begins with the new one.
  location.reload();
});

element('sign-out').addEventListener('click', () =>
  attempt(async () => {
    // The end that Curfew reports from here on is the user's own doing, in every tab.
    const takeBack = watcher?.leaving();
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
  bad_input: 'A new password has at least 12 characters.',
};

/** Says what went wrong; where the session is over, the sign-in page does. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
    element('message').textContent = '';
  } catch (error) {
    if (error instanceof SignedOutError) {
      // Curfew tells the page more than our API does: that it was a new password, for instance.
      await watcher?.check();
      return leave(error.reason);
    }
    const known = error instanceof ApiError ? REFUSALS[error.code] : undefined;
    element('message').textContent = known ?? 'That did not work. Try again in a moment.';
  }
}
