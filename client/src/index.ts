export {
  followSessionExpiry,
  type FollowOptions,
  type SessionExpiryEvent,
  type SessionOver,
} from './follow-session-expiry.ts';
