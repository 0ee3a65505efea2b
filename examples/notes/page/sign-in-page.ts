import { ApiError, call } from './api.ts';
import { element } from './element.ts';
import { WHY } from './why.ts';

// The address names a reason. Only this application's text for it is shown.
const reason = new URLSearchParams(location.search).get('reason') ?? '';
if (Object.hasOwn(WHY, reason)) {
  element('why').textContent = WHY[reason]!;
  element('why').hidden = false;
}

const REFUSALS: Record<string, string> = {
  wrong_password: 'That e-mail and password do not belong together.',
  inactive: 'You may not sign in here any more. Ask your administrator.',
};

element('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = Object.fromEntries(new FormData(event.target as HTMLFormElement));
  try {
    await call('POST', '/api/sign-in', { body });
    location.replace('/');
  } catch (error) {
    element('message').textContent =
      (error instanceof ApiError && REFUSALS[error.code]) ||
      'Signing in is not possible at the moment. Try again.';
  }
});
