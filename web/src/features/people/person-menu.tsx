import { useLingui } from '@lingui/react/macro';
import { ActionIcon, Menu } from '@mantine/core';
import {
  Ellipsis,
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
import { actionLabel, actionsFor, type PersonAction } from './person-actions.ts';
import classes from './person-menu.module.css';
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
  /** The person was deleted: the button stays, because it may have the focus. */
  isDisabled: boolean;
  onAction(action: PersonAction): void;
}

export function PersonMenu({ person, isDisabled, onAction }: PersonMenuProps) {
  const { t } = useLingui();
  return (
    // Without the placeholder, which no menu may contain, the first action has the focus.
    <Menu
      position="bottom-end"
      width={220}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      disabled={isDisabled}
    >
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={classes.button}
          data-person={person.id}
          aria-disabled={isDisabled}
          aria-label={t`Actions for ${person.name}`}
        >
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsFor(person).map((action) => {
          const Icon = ICONS[action];
          return (
            <Menu.Item
              key={action}
              className={action === 'delete' ? classes.danger : undefined}
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => onAction(action)}
            >
              {actionLabel(action)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
