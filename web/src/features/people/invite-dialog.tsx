import { useMutation } from '@apollo/client/react';
import { useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { PeopleInviteDocument, type Role } from '../../generated/people-operations.ts';
import { useDraft } from '../../lib/draft.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { LinkField } from './link-field.tsx';
import type { Person } from './person-rows.ts';
import { toFailure, type PersonFailure } from './person-words.ts';
import { RoleField } from './role-field.tsx';

interface InviteDialogProps {
  opened: boolean;
  /** A person from an application who is to get a sign-in. Null: someone new. */
  person: Person | null;
  onInvited(person: Person): void;
  onClose(): void;
}

/** Kept in this tab until the dialog is closed, also over the end of the session. */
interface InviteDraft {
  email: string;
  name: string;
  role: Role;
}

/** Invites someone and shows the link to send them. A new component for each invitation. */
export function InviteDialog({ opened, person, onInvited, onClose }: InviteDialogProps) {
  const { t } = useLingui();
  const [invite, { loading }] = useMutation(PeopleInviteDocument);
  const { user: viewer } = useSession();
  const [draft, storeDraft] = useDraft<InviteDraft>(viewer!.id, person ? `sign-in.${person.id}` : 'invite');
  const typed: InviteDraft = draft ?? {
    email: person?.email ?? '',
    name: person?.name ?? '',
    role: person?.role ?? 'MEMBER',
  };
  const edit = (part: Partial<InviteDraft>) => storeDraft({ ...typed, ...part });
  const [failure, setFailure] = useState<PersonFailure | null>(null);
  const [invited, setInvited] = useState<{ name: string; url: string; sentByMail: boolean } | null>(null);
  const fields = { email: useRef<HTMLInputElement>(null), name: useRef<HTMLInputElement>(null) };

  function fail(next: PersonFailure | null): void {
    setFailure(next);
    if (next?.field) fields[next.field].current?.focus();
  }

  async function send(): Promise<void> {
    fail(null);
    const [email, name] = [typed.email.trim(), typed.name.trim()];
    if (email === '') return fail({ field: 'email', text: t`Enter an e-mail address.` });
    if (name === '') return fail({ field: 'name', text: t`Enter a name of 1 to 200 characters.` });
    try {
      const input = { email, name, role: typed.role, userId: person?.id ?? null };
      const { data } = await invite({ variables: { input } });
      const { user, setPasswordUrl, sentByMail } = data!.inviteUser;
      storeDraft(null);
      setInvited({ name: user.name, url: setPasswordUrl, sentByMail });
      onInvited(user);
    } catch (error) {
      fail(toFailure(error));
    }
  }

  const title = person ? t`Give ${person.name} a sign-in` : t`Invite someone`;
  return (
    <FormDialog
      opened={opened}
      title={invited ? t`${invited.name} is invited` : title}
      submitLabel={person ? t`Give sign-in` : t`Invite`}
      busyLabel={t`Inviting…`}
      isBusy={loading}
      failure={failure && failure.field === null ? failure.text : null}
      onSubmit={invited ? undefined : () => void send()}
      onClose={() => {
        storeDraft(null);
        onClose();
      }}
    >
      {invited ? (
        <LinkField {...invited} />
      ) : (
        <>
          <TextInput
            ref={fields.email}
            data-autofocus
            type="email"
            label={t`E-mail`}
            description={t`They sign in with it.`}
            autoComplete="off"
            maxLength={254}
            value={typed.email}
            error={failure?.field === 'email' && failure.text}
            onChange={(event) => edit({ email: event.currentTarget.value })}
          />
          <TextInput
            ref={fields.name}
            label={t`Name`}
            autoComplete="off"
            maxLength={200}
            value={typed.name}
            error={failure?.field === 'name' && failure.text}
            onChange={(event) => edit({ name: event.currentTarget.value })}
          />
          <RoleField value={typed.role} onChange={(role) => edit({ role })} />
        </>
      )}
    </FormDialog>
  );
}
