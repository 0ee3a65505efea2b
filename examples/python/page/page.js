// Warns before the session ends. Polls the application's back end, which checks at Curfew without counting as activity.
const POLL_SECONDS = 10;
const notice = document.querySelector('.notice');
let timer;

async function ask(method = 'GET') {
  clearTimeout(timer);
  let wait = POLL_SECONDS;
  try {
    const response = await fetch('/session', { method });
    if (response.status === 401) {
      const { reason } = await response.json();
      return location.replace(`/login?reason=${reason}`);
    }
    if (response.ok) {
      const session = await response.json();
      show(session);
      // Poll earlier, so as not to miss the end by a whole interval.
      wait = Math.min(POLL_SECONDS, session.secondsRemaining + 1);
    }
  } catch {
    // The check failed, which says nothing about the session. The next poll tries again.
  }
  timer = setTimeout(ask, wait * 1000);
}

function show({ warning, secondsRemaining, canExtend }) {
  if (!warning) return notice.replaceChildren();
  const at = new Date(Date.now() + secondsRemaining * 1000);
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const text = canExtend
    ? `You will be signed out at ${time} because you have been inactive.`
    : `Your session reaches its time limit at ${time}. It cannot be extended.`;
  // Written once per deadline, because a screen reader speaks every change.
  if (notice.firstChild?.textContent === text) return;
  const words = document.createElement('span');
  words.textContent = text;
  notice.replaceChildren(words);
  if (!canExtend) return;
  const stay = document.createElement('button');
  stay.textContent = 'Stay signed in';
  stay.addEventListener('click', () => ask('POST'));
  notice.append(stay);
}

// After a computer wakes up, check before the user reads on.
document.addEventListener('visibilitychange', () => document.hidden || ask());
ask();
