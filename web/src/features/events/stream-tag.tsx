import { Trans } from '@lingui/react/macro';
import { CircleCheck, CirclePause, CircleX, TriangleAlert } from 'lucide-react';
import { Tag } from '../../components/tag.tsx';
import type { Stream } from './stream-words.ts';

/** Whether a stream delivers: in words and with a sign, not by colour alone. */
export function StreamTag({ stream: { status, failingSince } }: { stream: Stream }) {
  if (status === 'DISABLED')
    return (
      <Tag tone="red">
        <CircleX size={14} aria-hidden />
        <Trans>Disabled</Trans>
      </Tag>
    );
  if (status === 'PAUSED')
    return (
      <Tag>
        <CirclePause size={14} aria-hidden />
        <Trans>Paused</Trans>
      </Tag>
    );
  if (failingSince != null)
    return (
      <Tag tone="amber">
        <TriangleAlert size={14} aria-hidden />
        <Trans>Failing</Trans>
      </Tag>
    );
  return (
    <Tag tone="emerald">
      <CircleCheck size={14} aria-hidden />
      <Trans>Enabled</Trans>
    </Tag>
  );
}
