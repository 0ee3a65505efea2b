export { connectCurfew, type Curfew, type CurfewOptions } from './connect-curfew.ts';
export { CurfewError } from './curfew-error.ts';
export { deviceOf, type Device } from './device-of.ts';
export { type CurfewProblem } from './problems.ts';
export { type AdmissionOptions, type AuthorizationOptions } from './authorization.ts';
export { tokenOfCookie, tokenOfHeaders, type RequestHeaders } from './request-token.ts';
export { requireSession, type RequireSessionOptions } from './require-session.ts';
export {
  type CreatedSession,
  type CreateSessionInput,
  type EndUserSessionsInput,
  type ServiceCalls,
  type ServiceEndReason,
  type ServiceSession,
  type SessionAccessToken,
  type SessionValidation,
} from './service-calls.ts';
export { type CheckOptions, type SessionCheck } from './session-check.ts';
export {
  type LiveSession,
  type RefusalReason,
  type Refused,
  type SessionCheckResult,
  type Unavailable,
  type Verdict,
} from './check-result.ts';
