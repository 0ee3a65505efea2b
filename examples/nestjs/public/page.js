// The page of the application, as it is without Curfew: a form to sign in, and what a signed-in user sees.

const part = (id) => document.getElementById(id);
const post = (path, body = {}) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const account = await fetch('/account');
part('sign-in').hidden = account.status !== 401;
part('signed-in').hidden = !account.ok;
if (account.ok) part('name').textContent = (await account.json()).name;

part('sign-in').onsubmit = async (event) => {
  event.preventDefault();
  const { ok, status } = await post('/sign-in', Object.fromEntries(new FormData(event.target)));
  if (ok) location.reload();
  else part('problem').textContent = status === 401 ? 'Wrong e-mail or password.' : 'Try again in a minute.';
};
part('sign-out').onclick = async () => {
  const { ok } = await post('/sign-out');
  if (ok) location.reload();
};
