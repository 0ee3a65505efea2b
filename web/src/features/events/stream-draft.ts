import type {
  CreateEventStreamInput,
  EventStreamKind,
  SubjectFormat,
  UpdateEventStreamInput,
} from '../../generated/events-operations.ts';
import { typesOf } from './event-types.ts';
import { hasAddress, hasAudience, hasSubjectFormat, type Stream } from './stream-words.ts';

/** A stream as it is typed. The address is apart: it may hold a secret of the receiver, and is never stored. */
export interface StreamDraft {
  kind: EventStreamKind;
  description: string;
  /** All types, also those of later versions. */
  isAll: boolean;
  /** The chosen types, where they are not all. */
  eventTypes: readonly string[];
  subjectFormat: SubjectFormat;
  audience: string;
}

export const EMPTY_DRAFT: StreamDraft = {
  kind: 'WEBHOOK',
  description: '',
  isAll: true,
  eventTypes: [],
  subjectFormat: 'COMPLEX',
  audience: '',
};

/** The server lists all types of a stream that has no choice of its own. */
export function draftOf(stream: Stream): StreamDraft {
  const { kind, description, eventTypes, subjectFormat, audience } = stream;
  const offered = typesOf(kind).map(({ value }) => value);
  const isAll = offered.every((type) => eventTypes.includes(type));
  return {
    kind,
    description: description ?? '',
    isAll,
    eventTypes: isAll ? [] : offered.filter((type) => eventTypes.includes(type)),
    subjectFormat,
    audience,
  };
}

/** Null: all. An empty list is refused by the server, which says so. */
const chosenTypes = ({ kind, isAll, eventTypes }: StreamDraft): string[] | null =>
  isAll || typesOf(kind).length === 0
    ? null
    : typesOf(kind)
        .map(({ value }) => value)
        .filter((type) => eventTypes.includes(type));

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What to create, with only what its kind has. */
export const toCreateInput = (draft: StreamDraft, url: string): CreateEventStreamInput => ({
  kind: draft.kind,
  url: hasAddress(draft.kind) ? orNull(url) : null,
  description: orNull(draft.description),
  eventTypes: chosenTypes(draft),
  ...(hasSubjectFormat(draft.kind) ? { subjectFormat: draft.subjectFormat } : {}),
  ...(hasAudience(draft.kind) ? { audience: orNull(draft.audience) } : {}),
});

/** What changes of a stream. The kind and the audience never do. */
export const toUpdateInput = (stream: Stream, draft: StreamDraft, url: string): UpdateEventStreamInput => ({
  streamId: stream.id,
  ...(hasAddress(stream.kind) ? { url: url.trim() } : {}),
  description: orNull(draft.description),
  ...(typesOf(stream.kind).length > 0 ? { eventTypes: chosenTypes(draft) } : {}),
  ...(hasSubjectFormat(stream.kind) ? { subjectFormat: draft.subjectFormat } : {}),
});
