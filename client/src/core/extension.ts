import { RefusedError } from './errors.ts';
import { type ServerEvent } from './events.ts';
import { goodToken } from './knowledge.ts';
import { isOver, requestRefresh } from './refresh.ts';
import { endByRefusal } from './session-over.ts';
import { type Extension, type ExtensionPurpose, hasSession, type TokenResult } from './state.ts';
import { change, nextId, type RefreshResult, resolve, type Step } from './step.ts';
import { requestToken } from './token-request.ts';

// Moves the idle deadline, because the user is active or chose to stay. An `extension-settled` follows.

export function startExtension(step: Step, purpose: ExtensionPurpose): void {
  setExtension(step, purpose, { id: nextId(step), sessionId: null, canRefresh: true });
  const token = goodToken(step);
  // An answer to a notice brings a new token along where that is possible.
  const refreshes = purpose === 'stay' && step.state.config.isRotating;
  if (refreshes || token === null) refreshActively(step, purpose);
  else touch(step, purpose, token);
}

/** The user chose to stay. Several clicks are one request. */
export function stay(step: Step, call: number): void {
  if (!hasSession(step.state)) return resolve(step, call);
  change(step, { stayCalls: [...step.state.stayCalls, call] });
  if (step.state.extensions.stay) return;
  change(step, { extending: 'yes' });
  startExtension(step, 'stay');
}

export function stayed(step: Step, isReceived: boolean): void {
  change(step, { extending: !isReceived && hasSession(step.state) ? 'failed' : 'no' });
  for (const call of step.state.stayCalls) resolve(step, call);
  change(step, { stayCalls: [] });
}

/** The server has recorded the activity. */
export function touched(step: Step, { purpose, id }: ServerEvent & { type: 'touched' }): void {
  if (step.state.extensions[purpose]?.id === id) settle(step, purpose, true);
}

export function touchFailed(
  step: Step,
  { purpose, id, error }: ServerEvent & { type: 'touch-failed' },
): void {
  const extension = step.state.extensions[purpose];
  if (extension?.id !== id) return;
  if (!(error instanceof RefusedError)) return settle(step, purpose, false);
  if (extension.sessionId === step.state.session?.id) endByRefusal(step, error);
  // Maybe only the token was refused, for its age.
  if (hasSession(step.state) && extension.canRefresh) refreshActively(step, purpose);
  else settle(step, purpose, false);
}

export function extensionRefreshed(
  step: Step,
  { purpose, id }: { purpose: ExtensionPurpose; id: number },
  result: RefreshResult,
): void {
  if (step.state.extensions[purpose]?.id !== id) return;
  if (result.kind === 'failed' || (result.kind === 'superseded' && isOver(step)))
    return settle(step, purpose, false);
  if (result.kind === 'done' && result.isActivity) return settle(step, purpose, true);
  // A shared refresh, or the answer to an earlier one, has moved nothing.
  requestToken(step, { kind: 'touch', purpose, id });
}

export function extensionToken(
  step: Step,
  { purpose, id }: { purpose: ExtensionPurpose; id: number },
  result: TokenResult,
): void {
  const extension = step.state.extensions[purpose];
  if (extension?.id !== id) return;
  if ('failure' in result) return settle(step, purpose, false);
  setExtension(step, purpose, { ...extension, canRefresh: false });
  touch(step, purpose, result.token);
}

function refreshActively(step: Step, purpose: ExtensionPurpose): void {
  const extension = step.state.extensions[purpose];
  if (extension) requestRefresh(step, { kind: 'extension', purpose, id: extension.id }, { userActive: true });
}

function touch(step: Step, purpose: ExtensionPurpose, token: string): void {
  const extension = step.state.extensions[purpose];
  if (!extension) return;
  setExtension(step, purpose, { ...extension, sessionId: step.state.session?.id ?? null });
  step.effects.push({ type: 'touch-session', purpose, id: extension.id, token });
}

function settle(step: Step, purpose: ExtensionPurpose, isReceived: boolean): void {
  setExtension(step, purpose, null);
  step.followUps.push({ type: 'extension-settled', purpose, isReceived });
}

function setExtension(step: Step, purpose: ExtensionPurpose, extension: Extension | null): void {
  change(step, { extensions: { ...step.state.extensions, [purpose]: extension } });
}
