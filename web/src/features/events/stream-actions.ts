import { t } from '@lingui/core/macro';
import { hasSecret, streamName, type Stream } from './stream-words.ts';

/** What an owner can do with one stream, beside sending a test event. */
export type StreamAction = 'edit' | 'rotate' | 'pause' | 'resume' | 'disable' | 'enable' | 'delete';

/** Those that are done after one question. The others have a form. */
export type ConfirmedAction = Exclude<StreamAction, 'edit' | 'rotate'>;

export const isConfirmed = (action: StreamAction): action is ConfirmedAction =>
  action !== 'edit' && action !== 'rotate';

/** The actions that make sense for a stream, in the order of the menu. */
export function actionsFor({ kind, status }: Pick<Stream, 'kind' | 'status'>): StreamAction[] {
  return [
    'edit',
    ...(hasSecret(kind) ? (['rotate'] as const) : []),
    ...(status === 'ENABLED' ? (['pause'] as const) : []),
    ...(status === 'PAUSED' ? (['resume'] as const) : []),
    status === 'DISABLED' ? 'enable' : 'disable',
    'delete',
  ];
}

export function actionLabel(action: StreamAction): string {
  switch (action) {
    case 'edit':
      return t`Edit`;
    case 'rotate':
      return t`Rotate secret`;
    case 'pause':
      return t`Pause`;
    case 'resume':
      return t`Resume`;
    case 'disable':
      return t`Disable`;
    case 'enable':
      return t`Enable`;
    case 'delete':
      return t`Delete`;
  }
}

/** The texts of a question, and of the message when it is done. */
export interface Question {
  title: string;
  body: string;
  busy: string;
  isDangerous: boolean;
  done: string;
}

/** Says what will happen, and what will be lost. */
export function questionFor(action: ConfirmedAction, stream: Stream): Question {
  const name = streamName(stream);
  switch (action) {
    case 'pause':
      return {
        title: t`Pause ${name}?`,
        body: t`New events wait until you resume it, for as long as this server keeps deliveries.`,
        busy: t`Pausing…`,
        isDangerous: false,
        done: t`${name} is paused.`,
      };
    case 'resume':
      return {
        title: t`Resume ${name}?`,
        body: t`The events that wait are delivered now, and new ones as they happen.`,
        busy: t`Resuming…`,
        isDangerous: false,
        done: t`${name} delivers again.`,
      };
    case 'disable':
      return {
        title: t`Disable ${name}?`,
        body: t`New events are dropped from now on, for good. Those that wait are given up; you can send them again once it is enabled.`,
        busy: t`Disabling…`,
        isDangerous: true,
        done: t`${name} is disabled.`,
      };
    case 'enable':
      return {
        title: t`Enable ${name}?`,
        body: t`Events are delivered from now on. What happened while it was disabled is not.`,
        busy: t`Enabling…`,
        isDangerous: false,
        done: t`${name} is enabled.`,
      };
    case 'delete':
      return {
        title: t({ message: `Delete ${name}?`, context: 'an event stream' }),
        body: t`Nothing is delivered to it any more, also not what waits now. Its deliveries leave this page. This can’t be undone.`,
        busy: t`Deleting…`,
        isDangerous: true,
        done: t`${name} was deleted.`,
      };
  }
}
