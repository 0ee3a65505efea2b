import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, type LucideIcon } from 'lucide-react';
import classes from './action-menu.module.css';

interface ActionMenuProps<Action extends string> {
  label: string;
  /** Whose row it is in: the button can be found by it, to have the focus again. */
  rowId: string;
  width: number;
  actions: readonly Action[];
  icons: Record<Action, LucideIcon>;
  toLabel(action: Action): string;
  /** Nothing can be done any more. The button stays, because it may have the focus. */
  isDisabled?: boolean;
  onAction(action: Action): void;
}

/** What can be done with a row of a list. */
export function ActionMenu<Action extends string>(props: ActionMenuProps<Action>) {
  const { label, rowId, width, actions, icons, toLabel, isDisabled = false, onAction } = props;
  return (
    // Without the placeholder, which no menu may contain, the first action has the focus.
    <Menu
      position="bottom-end"
      width={width}
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
          data-row={rowId}
          aria-disabled={isDisabled}
          aria-label={label}
        >
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => {
          const Icon: LucideIcon = icons[action];
          return (
            <Menu.Item
              key={action}
              className={action === 'delete' ? classes.danger : undefined}
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => onAction(action)}
            >
              {toLabel(action)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
