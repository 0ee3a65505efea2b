import { useLingui } from '@lingui/react/macro';
import { Checkbox, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import type { RefObject } from 'react';
import type { EventStreamKind, SubjectFormat } from '../../generated/events-operations.ts';
import { shortType, typesOf } from './event-types.ts';
import type { StreamDraft } from './stream-draft.ts';
import type { EventFailure } from './stream-failure.ts';
import classes from './stream-fields.module.css';
import {
  audienceMeaning,
  hasAddress,
  hasAudience,
  hasSubjectFormat,
  kindMeaning,
  kindName,
  KINDS,
  SUBJECT_FORMATS,
  subjectFormatName,
} from './stream-words.ts';

export const STREAM_FIELDS = ['kind', 'url', 'description', 'eventTypes', 'audience'] as const;
export type StreamField = (typeof STREAM_FIELDS)[number];

interface StreamFieldsProps {
  draft: StreamDraft;
  url: string;
  /** An existing stream keeps its kind and its audience. */
  isNew: boolean;
  failure: EventFailure<StreamField> | null;
  /** Each has a `data-field`, by which a refused one gets the focus. */
  fields: RefObject<HTMLDivElement | null>;
  onEdit(part: Partial<StreamDraft>): void;
  onUrl(url: string): void;
}

/** The fields of a stream: only those that its kind has. */
export function StreamFields({ draft, url, isNew, failure, fields, onEdit, onUrl }: StreamFieldsProps) {
  const { t } = useLingui();
  const { kind, description, subjectFormat, audience } = draft;
  const errorOf = (field: StreamField) => failure?.field === field && failure.text;
  return (
    <Stack gap="md" ref={fields}>
      {isNew && (
        <Radio.Group
          label={t`Kind`}
          value={kind}
          error={errorOf('kind')}
          onChange={(value) => onEdit({ kind: value as EventStreamKind, isAll: true, eventTypes: [] })}
        >
          <Stack gap="xs" mt={6}>
            {KINDS.map((value) => (
              <Radio
                key={value}
                value={value}
                label={kindName(value)}
                description={kindMeaning(value)}
                data-field={value === kind ? 'kind' : undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {hasAddress(kind) && (
        <TextInput
          type="url"
          label={t`Address`}
          description={
            kind === 'BACK_CHANNEL_LOGOUT'
              ? t`The application’s back-channel logout address.`
              : t`Where the receiver takes events. It begins with https://.`
          }
          placeholder="https://hooks.example.com/curfew"
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
          value={url}
          error={errorOf('url')}
          onChange={(event) => onUrl(event.currentTarget.value)}
          data-field="url"
          data-autofocus
        />
      )}
      {isNew && hasAudience(kind) && (
        <TextInput
          label={t`Audience`}
          description={audienceMeaning(kind)}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={audience}
          error={errorOf('audience')}
          onChange={(event) => onEdit({ audience: event.currentTarget.value })}
          data-field="audience"
        />
      )}
      <TextInput
        label={t`Description`}
        description={t`What it is for, such as Shop. You can leave it empty.`}
        autoComplete="off"
        maxLength={200}
        value={description}
        error={errorOf('description')}
        onChange={(event) => onEdit({ description: event.currentTarget.value })}
        data-field="description"
      />
      {typesOf(kind).length > 0 && <TypeChoice draft={draft} error={errorOf('eventTypes')} onEdit={onEdit} />}
      {hasSubjectFormat(kind) && (
        <NativeSelect
          label={t`Subject`}
          description={t`How an event names whom it is about. With the user alone, the end of a session is sent only when it was their last one.`}
          value={subjectFormat}
          onChange={(event) => onEdit({ subjectFormat: event.currentTarget.value as SubjectFormat })}
          data={SUBJECT_FORMATS.map((value) => ({ value, label: subjectFormatName(value) }))}
        />
      )}
    </Stack>
  );
}

interface TypeChoiceProps {
  draft: StreamDraft;
  error: string | false | undefined;
  onEdit(part: Partial<StreamDraft>): void;
}

function TypeChoice({ draft: { kind, isAll, eventTypes }, error, onEdit }: TypeChoiceProps) {
  const { t, i18n } = useLingui();
  return (
    <>
      <Radio.Group
        label={t`Events`}
        value={isAll ? 'all' : 'some'}
        onChange={(value) => onEdit({ isAll: value === 'all' })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="all" label={kind === 'WEBHOOK' ? t`All, also those of later versions` : t`All`} />
          <Radio value="some" label={t`Only these`} />
        </Stack>
      </Radio.Group>
      {!isAll && (
        <Checkbox.Group
          aria-label={t`Only these`}
          className={classes.types}
          value={[...eventTypes]}
          error={error}
          onChange={(values) => onEdit({ eventTypes: values })}
        >
          <Stack gap="sm">
            {typesOf(kind).map(({ value, meaning }, index) => (
              <Checkbox
                key={value}
                value={value}
                label={<code>{shortType(value)}</code>}
                description={i18n._(meaning)}
                data-field={index === 0 ? 'eventTypes' : undefined}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  );
}
