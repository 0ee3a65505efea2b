import type { CheckSubject, RequirementLevel } from '../generated/schema.ts';

/** One requirement of a standard that a policy can meet or miss. */
export interface StandardRequirement {
  /** Where the standard says it, as the standard numbers it. */
  readonly clause: string;
  readonly text: string;
  readonly level: RequirementLevel;
  readonly subject: CheckSubject;
  /**
   * The greatest limit that meets it, in minutes; for SESSIONS_AT_ONCE the greatest number of sessions. Null: any limit
   * does, as long as there is one.
   */
  readonly limit: number | null;
}

/** What a standard says about the time limits of sessions. */
export interface Standard {
  /** Never changes: other programs know the standard by it. */
  readonly id: string;
  /** Ends with "(time limits only)": a standard asks for much more than a policy can show. */
  readonly title: string;
  readonly revision: string;
  readonly url: string;
  readonly requirements: readonly StandardRequirement[];
}

const DAY = 24 * 60;

const titled = (name: string): string => `${name} (time limits only)`;

const requires = (
  clause: string,
  subject: CheckSubject,
  limit: number | null,
  text: string,
): StandardRequirement => ({ clause, subject, limit, text, level: 'REQUIRED' });

const recommends = (
  clause: string,
  subject: CheckSubject,
  limit: number,
  text: string,
): StandardRequirement => ({ clause, subject, limit, text, level: 'RECOMMENDED' });

const NIST_63B = {
  revision: 'SP 800-63B-4 (revision 4, 2025)',
  url: 'https://pages.nist.gov/800-63-4/sp800-63b.html',
};

/** SP 800-63B-4, 5.2: "Agencies SHALL establish and document the inactivity and overall time limits", at every level. */
const BOTH_LIMITS_ARE_SET: readonly StandardRequirement[] = [
  requires('5.2', 'ABSOLUTE', null, 'An overall time limit is established.'),
  requires('5.2', 'IDLE', null, 'An inactivity time limit is established.'),
];

const FEDRAMP_REV5 = {
  revision: 'Rev 5',
  url: 'https://www.fedramp.gov/rev5/baselines/',
};

/**
 * Every standard that a policy is compared with, in the order in which they are shown. The clauses and numbers are those
 * of the texts; FedRAMP's IA-11 names SP 800-63 without a revision and quotes the limits of revision 3.
 */
export const STANDARDS: readonly Standard[] = [
  {
    id: 'NIST_800_63B_4_AAL1',
    title: titled('NIST SP 800-63B-4, AAL1'),
    ...NIST_63B,
    requirements: [
      ...BOTH_LIMITS_ARE_SET,
      recommends('2.1.3', 'ABSOLUTE', 30 * DAY, 'The overall timeout should be no more than 30 days.'),
    ],
  },
  {
    id: 'NIST_800_63B_4_AAL2',
    title: titled('NIST SP 800-63B-4, AAL2'),
    ...NIST_63B,
    requirements: [
      ...BOTH_LIMITS_ARE_SET,
      recommends('2.2.3', 'ABSOLUTE', DAY, 'The overall timeout should be no more than 24 hours.'),
      recommends('2.2.3', 'IDLE', 60, 'The inactivity timeout should be no more than 1 hour.'),
    ],
  },
  {
    id: 'NIST_800_63B_4_AAL3',
    title: titled('NIST SP 800-63B-4, AAL3'),
    ...NIST_63B,
    requirements: [
      ...BOTH_LIMITS_ARE_SET,
      requires('2.3.3', 'ABSOLUTE', 720, 'The overall timeout shall be no more than 12 hours.'),
      recommends('2.3.3', 'IDLE', 15, 'The inactivity timeout should be no more than 15 minutes.'),
    ],
  },
  {
    id: 'PCI_DSS_4_0_1',
    title: titled('PCI DSS 4.0.1, requirement 8.2.8'),
    revision: '4.0.1',
    url: 'https://www.pcisecuritystandards.org/document_library/',
    requirements: [
      requires(
        '8.2.8',
        'IDLE',
        15,
        'A session that has been idle for more than 15 minutes needs a new authentication.',
      ),
    ],
  },
  {
    id: 'FEDRAMP_R5_LOW',
    title: titled('FedRAMP Rev 5, Low baseline'),
    ...FEDRAMP_REV5,
    requirements: [requires('IA-11', 'ABSOLUTE', 30 * DAY, 'Reauthentication at least every 30 days.')],
  },
  {
    id: 'FEDRAMP_R5_MODERATE',
    title: titled('FedRAMP Rev 5, Moderate baseline'),
    ...FEDRAMP_REV5,
    requirements: [
      requires('IA-11', 'IDLE', 30, 'Reauthentication after 30 minutes of inactivity.'),
      requires('IA-11', 'ABSOLUTE', 720, 'Reauthentication at least every 12 hours.'),
    ],
  },
  {
    id: 'FEDRAMP_R5_HIGH',
    title: titled('FedRAMP Rev 5, High baseline'),
    ...FEDRAMP_REV5,
    requirements: [
      requires('IA-11', 'IDLE', 15, 'Reauthentication after 15 minutes of inactivity.'),
      requires('IA-11', 'ABSOLUTE', 720, 'Reauthentication at least every 12 hours.'),
      // Curfew has one number for all, so the owners' check is never the stricter one; both are shown, as the text has both.
      requires('AC-10', 'SESSIONS_AT_ONCE', 3, 'At most 3 sessions at once with privileged access (owners).'),
      requires(
        'AC-10',
        'SESSIONS_AT_ONCE',
        2,
        'At most 2 sessions at once with non-privileged access (members).',
      ),
    ],
  },
  {
    id: 'NIST_800_53_R5_AC_12',
    title: titled('NIST SP 800-53, AC-12 session termination'),
    revision: 'SP 800-53 Revision 5',
    url: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
    requirements: [
      requires('AC-12(3)', 'WARNING', null, 'Users get an explicit message before the session will end.'),
    ],
  },
  {
    id: 'ASVS_5_0_V7',
    title: titled('OWASP ASVS 5.0.0, V7 session management'),
    revision: '5.0.0',
    url: 'https://owasp.org/www-project-application-security-verification-standard/',
    requirements: [
      requires('7.3.1', 'IDLE', null, 'There is an inactivity timeout.'),
      requires('7.3.2', 'ABSOLUTE', null, 'There is an absolute maximum session lifetime.'),
    ],
  },
];
