import { t, plural } from '@lingui/core/macro';
import type { Person } from './person-rows.ts';

/** What an owner can do with one person. */
export type PersonAction =
  | 'make-owner'
  | 'make-member'
  | 'give-sign-in'
  | 'new-link'
  | 'rename'
  | 'sign-out'
  | 'deactivate'
  | 'reactivate'
  | 'delete';

/** Those that are done after one question. The others have a form. */
export type ConfirmedAction = Exclude<PersonAction, 'give-sign-in' | 'new-link' | 'rename'>;

export const isConfirmed = (action: PersonAction): action is ConfirmedAction =>
  action !== 'give-sign-in' && action !== 'new-link' && action !== 'rename';

/** The actions that make sense for a person, in the order of the menu. */
export function actionsFor({ status, role, sessionCount }: Person): PersonAction[] {
  if (status === 'DEACTIVATED') return ['reactivate', 'rename', 'delete'];
  const isExternal = status === 'EXTERNAL';
  return [
    isExternal ? 'give-sign-in' : 'new-link',
    ...(isExternal ? [] : [role === 'OWNER' ? ('make-member' as const) : ('make-owner' as const)]),
    'rename',
    ...(sessionCount > 0 ? (['sign-out'] as const) : []),
    'deactivate',
    'delete',
  ];
}

export function actionLabel(action: PersonAction): string {
  switch (action) {
    case 'make-owner':
      return t`Make owner`;
    case 'make-member':
      return t`Make member`;
    case 'give-sign-in':
      return t`Give sign-in`;
    case 'new-link':
      return t`New link`;
    case 'rename':
      return t`Rename`;
    case 'sign-out':
      return t({ message: 'Sign out', context: 'someone else' });
    case 'deactivate':
      return t`Deactivate`;
    case 'reactivate':
      return t`Reactivate`;
    case 'delete':
      return t`Delete`;
  }
}

/** The texts of a question, and of the message when it is done. */
export interface Question {
  title: string;
  body: string[];
  confirm: string;
  busy: string;
  isDangerous: boolean;
  done: string;
}

/** Says what will happen, and what will be lost. */
export function questionFor(action: ConfirmedAction, person: Person, isViewer: boolean): Question {
  const { name, email, sessionCount, linkExpiresAt } = person;
  const deadLink = linkExpiresAt === null ? [] : [t`Their link to set a password stops working.`];
  const ended =
    sessionCount === 0
      ? []
      : [plural(sessionCount, { one: 'Their session ends.', other: 'Their # sessions end.' })];
  switch (action) {
    case 'make-owner':
      return {
        title: t`Make ${name} an owner?`,
        body: [
          t`Owners set the policy, manage people and applications, and sign anyone out, you included.`,
          ...(sessionCount === 0
            ? []
            : [
                t`Their sessions get the limits of an owner. None gets longer, and those already past them end now.`,
              ]),
          ...deadLink,
        ],
        confirm: t`Make owner`,
        busy: t`Changing…`,
        isDangerous: false,
        done: t`${name} is an owner now.`,
      };
    case 'make-member':
      return {
        title: isViewer ? t`Make yourself a member?` : t`Make ${name} a member?`,
        body: [
          isViewer
            ? t`You’ll no longer see this page. Another owner can make you an owner again.`
            : t`They’ll see only their own sessions, from now on.`,
          ...(sessionCount === 0
            ? []
            : [
                isViewer
                  ? t`Your sessions get the limits of a member. None gets longer, and those already past them end now.`
                  : t`Their sessions get the limits of a member. None gets longer, and those already past them end now.`,
              ]),
          ...deadLink,
        ],
        confirm: t`Make member`,
        busy: t`Changing…`,
        isDangerous: isViewer,
        done: t`${name} is a member now.`,
      };
    case 'sign-out':
      return {
        title: isViewer ? t`Sign yourself out everywhere?` : t`Sign out ${name}?`,
        body: [
          ...ended,
          isViewer
            ? t`You’ll be signed out here too.`
            : t`They can sign in again with the same password. Unsaved work may be lost.`,
        ],
        confirm: t({ message: 'Sign out', context: 'someone else' }),
        busy: t`Signing out…`,
        isDangerous: true,
        done: t`${name} was signed out.`,
      };
    case 'deactivate':
      return {
        title: isViewer ? t`Deactivate yourself?` : t`Deactivate ${name}?`,
        body: [
          isViewer
            ? t`You’ll be signed out here too, and can’t sign in until another owner reactivates you.`
            : t`They can’t sign in until someone reactivates them.`,
          ...ended,
          ...deadLink,
        ],
        confirm: t`Deactivate`,
        busy: t`Deactivating…`,
        isDangerous: true,
        done: t`${name} was deactivated.`,
      };
    case 'reactivate':
      return {
        title: t`Reactivate ${name}?`,
        body: [t`They can sign in again as before. Sessions that have ended don’t come back.`],
        confirm: t`Reactivate`,
        busy: t`Reactivating…`,
        isDangerous: false,
        done: t`${name} was reactivated.`,
      };
    case 'delete':
      return {
        title: isViewer ? t`Delete yourself?` : t({ message: `Delete ${name}?`, context: 'a person' }),
        body: [
          t`This can’t be undone. It removes the name, the e-mail ${email}, the password and everything else that identifies this person. What they did stays in the audit trail as “Deleted user”.`,
          ...ended,
        ],
        confirm: t`Delete`,
        busy: t`Deleting…`,
        isDangerous: true,
        done: t`${name} was deleted.`,
      };
  }
}
