import type { Role } from '../generated/schema.ts';
import type { RevocationReason } from '../sessions/revoke.sql.ts';

export const DEMO_ACCOUNT = 'Northwind Demo';
export const DEMO_OWNER_EMAIL = 'owner@demo.curfew.test';
export const DEMO_MEMBER_EMAIL = 'member@demo.curfew.test';

/** The policy before and after the owner shortened it, in minutes. Ten minutes idle: a warning after five minutes. */
export const EARLIER_POLICY = { idleMinutes: 4_320, absoluteMinutes: 20_160 };
export const DEMO_POLICY = { idleMinutes: 10, absoluteMinutes: 720 };
export const POLICY_CHANGED_MINUTES_AGO = 95;

export interface Person {
  name: string;
  email: string;
  role: Role;
  /** Their id in the account's application. A person with one signs in there only. */
  externalId?: string;
  /** Invited, and has not used the link. Absent: they have a password, which no one knows. */
  isInvited?: boolean;
  isDeactivated?: boolean;
}

/** The name of the service key with which that application creates its sessions. */
export const APPLICATION = 'Northwind Shop';

export const PEOPLE: readonly Person[] = [
  { name: 'Ana Owner', email: DEMO_OWNER_EMAIL, role: 'OWNER' },
  { name: 'Max Member', email: DEMO_MEMBER_EMAIL, role: 'MEMBER' },
  { name: 'Priya Raman', email: 'priya@demo.curfew.test', role: 'OWNER' },
  { name: 'Jonas Weber', email: 'jonas@demo.curfew.test', role: 'MEMBER' },
  { name: 'Mei Tanaka', email: 'mei@demo.curfew.test', role: 'MEMBER' },
  { name: 'Tom Okafor', email: 'tom@demo.curfew.test', role: 'MEMBER' },
  { name: 'Noor Haddad', email: 'noor@demo.curfew.test', role: 'MEMBER', isInvited: true },
  { name: 'Viktor Lindqvist', email: 'viktor@demo.curfew.test', role: 'MEMBER', isDeactivated: true },
  { name: 'Lena Fischer', email: 'lena@shop.example', role: 'MEMBER', externalId: 'customer-1042' },
  { name: 'Diego Morales', email: 'diego@shop.example', role: 'MEMBER', externalId: 'customer-2207' },
];

const FIREFOX_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const CHROME_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const SAFARI_MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';
const SAFARI_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const SAFARI_IPAD =
  'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const CHROME_ANDROID =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';
const EDGE_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0';

/** One session of the story. Times are minutes before now. */
export interface Episode {
  email: string;
  signedInAgo: number;
  lastActiveAgo: number;
  /** How it was revoked. Absent: it is live or has expired. */
  ended?: { ago: number; reason: RevocationReason };
  appType?: 'CONTROL_PANEL' | 'TENANT_APP';
  ipAddress: string;
  userAgent: string;
}

const HOUR = 60;
const DAY = 24 * HOUR;

export const INVITED_AGO = 3 * HOUR;
export const DEACTIVATED_AGO = 8 * DAY;

/** The addresses are reserved for documentation (RFC 5737). */
export const EPISODES: readonly Episode[] = [
  // Live under the earlier policy: the change applies to later sign-ins only.
  {
    email: DEMO_OWNER_EMAIL,
    signedInAgo: 2 * DAY,
    lastActiveAgo: 180,
    ipAddress: '192.0.2.10',
    userAgent: SAFARI_IPHONE,
  },
  {
    email: DEMO_MEMBER_EMAIL,
    signedInAgo: 3 * DAY,
    lastActiveAgo: 300,
    ipAddress: '192.0.2.24',
    userAgent: CHROME_WINDOWS,
  },
  {
    email: 'priya@demo.curfew.test',
    signedInAgo: 1 * DAY,
    lastActiveAgo: 100,
    ipAddress: '198.51.100.7',
    userAgent: SAFARI_MAC,
  },
  {
    email: 'priya@demo.curfew.test',
    signedInAgo: 5 * DAY,
    lastActiveAgo: 2 * DAY,
    ipAddress: '198.51.100.7',
    userAgent: SAFARI_IPHONE,
  },
  {
    email: 'mei@demo.curfew.test',
    signedInAgo: 6 * 60,
    lastActiveAgo: 120,
    ipAddress: '203.0.113.40',
    userAgent: FIREFOX_LINUX,
  },
  {
    email: 'tom@demo.curfew.test',
    signedInAgo: 9 * DAY,
    lastActiveAgo: 1 * DAY,
    appType: 'TENANT_APP',
    ipAddress: '203.0.113.77',
    userAgent: CHROME_ANDROID,
  },
  // Customers of the account's own application, which created these sessions with its service key.
  {
    email: 'lena@shop.example',
    signedInAgo: 7 * HOUR,
    lastActiveAgo: 110,
    appType: 'TENANT_APP',
    ipAddress: '198.51.100.88',
    userAgent: SAFARI_IPHONE,
  },
  {
    email: 'diego@shop.example',
    signedInAgo: 30 * HOUR,
    lastActiveAgo: 150,
    appType: 'TENANT_APP',
    ipAddress: '198.51.100.142',
    userAgent: CHROME_ANDROID,
  },
  // Without activity they expire within twelve hours: three at their idle deadline, ...
  {
    email: 'priya@demo.curfew.test',
    signedInAgo: 4 * DAY,
    lastActiveAgo: 3 * DAY - 2.75 * HOUR,
    ipAddress: '198.51.100.23',
    userAgent: FIREFOX_LINUX,
  },
  {
    email: 'mei@demo.curfew.test',
    signedInAgo: 6 * DAY,
    lastActiveAgo: 3 * DAY - 6.25 * HOUR,
    ipAddress: '203.0.113.40',
    userAgent: SAFARI_IPAD,
  },
  {
    email: 'jonas@demo.curfew.test',
    signedInAgo: 5 * DAY,
    lastActiveAgo: 3 * DAY - 9.75 * HOUR,
    appType: 'TENANT_APP',
    ipAddress: '203.0.113.19',
    userAgent: CHROME_ANDROID,
  },
  // ... two at their absolute deadline, regardless of activity.
  {
    email: DEMO_MEMBER_EMAIL,
    signedInAgo: 14 * DAY - 4.25 * HOUR,
    lastActiveAgo: 45,
    appType: 'TENANT_APP',
    ipAddress: '192.0.2.31',
    userAgent: SAFARI_IPHONE,
  },
  {
    email: DEMO_OWNER_EMAIL,
    signedInAgo: 14 * DAY - 8.75 * HOUR,
    lastActiveAgo: 90,
    ipAddress: '192.0.2.10',
    userAgent: SAFARI_MAC,
  },
  // Near its absolute deadline: thirteen days and 23.5 hours of fourteen days.
  {
    email: 'jonas@demo.curfew.test',
    signedInAgo: 14 * DAY - 30,
    lastActiveAgo: 200,
    ipAddress: '203.0.113.12',
    userAgent: EDGE_WINDOWS,
  },
  // Near its idle deadline: three days less 20 minutes without activity.
  {
    email: 'tom@demo.curfew.test',
    signedInAgo: 4 * DAY,
    lastActiveAgo: 3 * DAY - 20,
    ipAddress: '203.0.113.77',
    userAgent: CHROME_WINDOWS,
  },
  // Live under the new policy.
  {
    email: 'mei@demo.curfew.test',
    signedInAgo: 25,
    lastActiveAgo: 2,
    ipAddress: '203.0.113.41',
    userAgent: CHROME_ANDROID,
  },
  // Ended.
  {
    email: DEMO_MEMBER_EMAIL,
    signedInAgo: 60,
    lastActiveAgo: 40,
    ipAddress: '192.0.2.24',
    userAgent: CHROME_WINDOWS,
  },
  {
    email: 'jonas@demo.curfew.test',
    signedInAgo: 20 * DAY,
    lastActiveAgo: 7 * DAY,
    ipAddress: '203.0.113.12',
    userAgent: EDGE_WINDOWS,
  },
  {
    email: DEMO_OWNER_EMAIL,
    signedInAgo: 4 * DAY,
    lastActiveAgo: 4 * DAY - 50,
    ended: { ago: 4 * DAY - 60, reason: 'LOGOUT' },
    ipAddress: '192.0.2.10',
    userAgent: FIREFOX_LINUX,
  },
  {
    email: 'lena@shop.example',
    signedInAgo: 2 * DAY,
    lastActiveAgo: 2 * DAY - 15,
    ended: { ago: 2 * DAY - 25, reason: 'LOGOUT' },
    appType: 'TENANT_APP',
    ipAddress: '198.51.100.88',
    userAgent: SAFARI_MAC,
  },
  {
    email: 'mei@demo.curfew.test',
    signedInAgo: 2 * DAY,
    lastActiveAgo: 1 * DAY + 10,
    ended: { ago: 1 * DAY, reason: 'REVOKED_BY_USER' },
    ipAddress: '203.0.113.40',
    userAgent: SAFARI_IPHONE,
  },
  {
    email: 'tom@demo.curfew.test',
    signedInAgo: 3 * DAY,
    lastActiveAgo: 2 * DAY + 20,
    ended: { ago: 2 * DAY, reason: 'REFRESH_TOKEN_REUSED' },
    ipAddress: '203.0.113.77',
    userAgent: CHROME_ANDROID,
  },
  {
    email: 'jonas@demo.curfew.test',
    signedInAgo: 10 * DAY,
    lastActiveAgo: 9 * DAY,
    ended: { ago: 8 * DAY, reason: 'PASSWORD_CHANGED' },
    ipAddress: '203.0.113.12',
    userAgent: CHROME_WINDOWS,
  },
];
