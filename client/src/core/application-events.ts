import { type ApplicationEvent } from './events.ts';
import { stay } from './extension.ts';
import { dismissDeadline } from './knowledge.ts';
import { signIn, start, stop } from './lifecycle.ts';
import { requestReauthentication } from './reauthentication.ts';
import { endSession, expectSignOut } from './session-over.ts';
import { requestSignOut } from './sign-out.ts';
import { requestCheck } from './status-check.ts';
import { type Step } from './step.ts';
import { requestToken } from './token-request.ts';

/** Takes in a call of the application. */
export function receiveApplicationEvent(step: Step, event: ApplicationEvent): void {
  switch (event.type) {
    case 'start':
      return start(step, event.dismissal);
    case 'sign-in':
      return signIn(step, event.tokens, event.dismissal);
    case 'stop':
      return stop(step);
    case 'token-requested':
      return requestToken(step, { kind: 'call', call: event.call }, event.refused);
    case 'stay-requested':
      return stay(step, event.call);
    case 'check-requested':
      return requestCheck(step, { kind: 'call', call: event.call });
    case 'reauthentication-requested':
      return requestReauthentication(step, event.call);
    case 'sign-out-requested':
      return requestSignOut(step, event.call);
    case 'sign-out-expected':
      return expectSignOut(step, event.sessionId, event.isExpected);
    case 'sign-out-confirmed':
      return endSession(step, { kind: 'left' });
    case 'warning-dismissed':
      return dismissWarning(step);
    case 'message-announced':
      return void step.effects.push({ type: 'post', event: { kind: 'app', message: event.message } });
    default:
      return event satisfies never;
  }
}

/** Only a warning of the absolute deadline can be dismissed: an idle one waits for an answer. */
function dismissWarning(step: Step): void {
  const { session, raised } = step.state;
  if (!session || raised?.reason !== 'ABSOLUTE') return;
  dismissDeadline(step, raised.expiresAt);
  step.effects.push({
    type: 'post',
    event: { kind: 'dismissed', sessionId: session.id, deadline: raised.expiresAt },
  });
}
