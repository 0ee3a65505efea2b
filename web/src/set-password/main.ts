import { setPassword, type SetPasswordOutcome } from './set-password.ts';

const shortest = 12;
const longest = 128;

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing from the page`);
  return found;
}

const heading = element('heading', HTMLHeadingElement);
const form = element('form', HTMLFormElement);
const password = element('password', HTMLInputElement);
const repeat = element('repeat', HTMLInputElement);
const show = element('show', HTMLInputElement);
const submit = element('submit', HTMLButtonElement);
const failure = element('failure', HTMLParagraphElement);
const outcome = element('outcome', HTMLDivElement);

let token = '';
let busy = false;
/** An attempt whose answer never came may have set the password all the same. */
let answerLost = false;

/** Takes the one-time token out of the address, so that it stays in no history, bookmark or screenshot. */
function takeToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (location.hash) history.replaceState(null, '', location.pathname);
  if (given) {
    token = given;
    answerLost = false;
    begin();
  } else if (!token) {
    finish(
      'bad',
      'This link is incomplete',
      'Open the whole link from your invitation again, or ask the owner for a new one.',
    );
  }
}

function begin(): void {
  form.reset();
  reveal(false);
  clearErrors();
  heading.textContent = 'Set your password';
  outcome.replaceChildren();
  form.hidden = false;
  password.focus();
}

function finish(
  mood: 'good' | 'bad',
  title: string,
  text: string,
  link?: { href: string; label: string },
): void {
  form.reset();
  form.hidden = true;
  token = '';
  heading.textContent = title;
  const note = document.createElement('p');
  note.className = `note note--${mood}`;
  note.textContent = text;
  outcome.replaceChildren(note);
  if (link) {
    const anchor = Object.assign(document.createElement('a'), { href: link.href, textContent: link.label });
    anchor.className = 'button';
    outcome.append(anchor);
  }
  heading.focus();
}

function reveal(visible: boolean): void {
  show.checked = visible;
  password.type = repeat.type = visible ? 'text' : 'password';
}

function fieldError(input: HTMLInputElement, text: string): void {
  element(`${input.id}-error`, HTMLParagraphElement).textContent = text;
  if (text) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

function clearErrors(): void {
  fieldError(password, '');
  fieldError(repeat, '');
  failure.hidden = true;
  failure.textContent = '';
}

function fail(text: string): void {
  failure.textContent = text;
  failure.hidden = false;
}

/** The server decides; this only spares a round trip. */
function acceptable(): boolean {
  const length = password.value.length;
  if (length < shortest) {
    fieldError(
      password,
      length === 0 ? 'Enter a password.' : `This has ${length} characters; at least ${shortest} are needed.`,
    );
    password.focus();
    return false;
  }
  if (length > longest) {
    fieldError(password, `This has ${length} characters; at most ${longest} are possible.`);
    password.focus();
    return false;
  }
  if (repeat.value !== password.value) {
    fieldError(repeat, 'The two passwords differ.');
    repeat.focus();
    return false;
  }
  return true;
}

function wait(seconds: number | null): string {
  if (seconds === null) return 'later';
  if (seconds < 60) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  const minutes = Math.ceil(seconds / 60);
  return `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

function tell(result: SetPasswordOutcome): void {
  switch (result.kind) {
    case 'done':
      return finish(
        'good',
        'All set',
        `Your password is set and you are signed in as ${result.email}. You can close this page.`,
        {
          href: '/',
          label: 'Go to the start page',
        },
      );
    case 'link-over':
      return finish(
        'bad',
        'This link no longer works',
        answerLost
          ? 'Your earlier attempt may have got through: try to sign in with the new password. If that fails, ask the owner of your account for a new link.'
          : 'It has been used already, or it has expired. Ask the owner of your account for a new one.',
      );
    case 'password-refused':
      fieldError(password, result.message);
      return password.focus();
    case 'too-many':
      return fail(`Too many attempts. Try again ${wait(result.retryAfterSeconds)}; your link stays good.`);
    case 'no-answer':
      answerLost = true;
      return fail('Curfew could not be reached. Check your connection and try again.');
    case 'failed':
      return fail(`That did not work: ${result.message}`);
  }
}

async function send(): Promise<void> {
  if (busy) return;
  clearErrors();
  if (!acceptable()) return;
  busy = true;
  submit.setAttribute('aria-disabled', 'true');
  submit.textContent = 'Setting your password…';
  try {
    tell(await setPassword(token, password.value));
  } finally {
    busy = false;
    submit.removeAttribute('aria-disabled');
    submit.textContent = 'Set password';
  }
}

show.addEventListener('change', () => reveal(show.checked));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
// A second link pasted into the same tab changes the fragment only.
window.addEventListener('hashchange', takeToken);
takeToken();
