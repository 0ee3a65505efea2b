import { useLingui } from '@lingui/react/macro';
import {
  Link2,
  LogOut,
  PencilLine,
  ShieldMinus,
  ShieldPlus,
  Trash2,
  UserRoundCheck,
  UserRoundPlus,
  UserRoundX,
  type LucideIcon,
} from 'lucide-react';
import { ActionMenu } from '../../components/action-menu.tsx';
import { actionLabel, actionsFor, type PersonAction } from './person-actions.ts';
import type { Person } from './person-rows.ts';

const ICONS: Record<PersonAction, LucideIcon> = {
  'make-owner': ShieldPlus,
  'make-member': ShieldMinus,
  'give-sign-in': UserRoundPlus,
  'new-link': Link2,
  rename: PencilLine,
  'sign-out': LogOut,
  deactivate: UserRoundX,
  reactivate: UserRoundCheck,
  delete: Trash2,
};

interface PersonMenuProps {
  person: Person;
  /** The person was deleted. */
  isDisabled: boolean;
  onAction(action: PersonAction): void;
}

export function PersonMenu({ person, isDisabled, onAction }: PersonMenuProps) {
  const { t } = useLingui();
  return (
    <ActionMenu
      label={t`Actions for ${person.name}`}
      rowId={person.id}
      width={220}
      actions={actionsFor(person)}
      icons={ICONS}
      toLabel={actionLabel}
      isDisabled={isDisabled}
      onAction={onAction}
    />
  );
}
