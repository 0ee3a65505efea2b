import { useLingui } from '@lingui/react/macro';
import { Pause, PencilLine, Play, Power, PowerOff, RotateCw, Trash2, type LucideIcon } from 'lucide-react';
import { ActionMenu } from '../../components/action-menu.tsx';
import { actionLabel, actionsFor, type StreamAction } from './stream-actions.ts';
import { streamName, type Stream } from './stream-words.ts';

const ICONS: Record<StreamAction, LucideIcon> = {
  edit: PencilLine,
  rotate: RotateCw,
  pause: Pause,
  resume: Play,
  disable: PowerOff,
  enable: Power,
  delete: Trash2,
};

export function StreamMenu({ stream, onAction }: { stream: Stream; onAction(action: StreamAction): void }) {
  const { t } = useLingui();
  return (
    <ActionMenu
      label={t`Actions for ${streamName(stream)}`}
      rowId={stream.id}
      width={200}
      actions={actionsFor(stream)}
      icons={ICONS}
      toLabel={actionLabel}
      onAction={onAction}
    />
  );
}
