import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import {
  PeopleDeleteDocument,
  PeopleSetActiveDocument,
  PeopleSetRoleDocument,
  PeopleSignOutDocument,
} from '../../generated/people-operations.ts';
import { questionFor, type ConfirmedAction } from './person-actions.ts';
import type { Person } from './person-rows.ts';
import { toFailure } from './person-words.ts';

interface ActionDialogProps {
  opened: boolean;
  action: ConfirmedAction;
  person: Person;
  isViewer: boolean;
  /** Null: the person was deleted. */
  onDone(person: Person | null): void;
  onClose(): void;
}

/** Asks for confirmation, acts, and shows a refusal. A new component for each action. */
export function ActionDialog({ opened, action, person, isViewer, onDone, onClose }: ActionDialogProps) {
  const act = useAction(action, person);
  const showToast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  // What was asked stays while the dialog fades out, although the person has changed.
  const [question] = useState(() => questionFor(action, person, isViewer));

  async function confirm(): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      onDone(await act());
      showToast(question.done);
      onClose();
    } catch (error) {
      setFailure(toFailure(error)?.text ?? null);
    } finally {
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened={opened}
      title={question.title}
      confirmLabel={question.confirm}
      busyLabel={question.busy}
      isBusy={isBusy}
      isDangerous={question.isDangerous}
      failure={failure}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {question.body.map((sentence) => (
        <p key={sentence} style={{ margin: '0 0 0.5rem' }}>
          {sentence}
        </p>
      ))}
    </ConfirmDialog>
  );
}

/** Returns the person after the action; null when they were deleted. */
function useAction(action: ConfirmedAction, person: Person): () => Promise<Person | null> {
  const [setRole] = useMutation(PeopleSetRoleDocument);
  const [setActive] = useMutation(PeopleSetActiveDocument);
  const [signOut] = useMutation(PeopleSignOutDocument);
  const [deletePerson] = useMutation(PeopleDeleteDocument);
  const userId = person.id;
  return async () => {
    switch (action) {
      case 'make-owner':
      case 'make-member': {
        const role = action === 'make-owner' ? 'OWNER' : 'MEMBER';
        return (await setRole({ variables: { userId, role } })).data!.setUserRole;
      }
      case 'deactivate':
      case 'reactivate': {
        const isActive = action === 'reactivate';
        return (await setActive({ variables: { userId, isActive } })).data!.setUserActive;
      }
      case 'sign-out':
        await signOut({ variables: { userId } });
        return { ...person, sessionCount: 0 };
      case 'delete':
        await deletePerson({ variables: { userId } });
        return null;
    }
  };
}
