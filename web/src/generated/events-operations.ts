/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A transmitter to accept. */
export type CreateEventSourceInput = {
  /** The audience that its tokens must have, 1 to 500 characters. */
  audience: string;
  /** The issuer of its tokens: an https address. */
  issuer: string;
  /** The id of a sign-in provider, as in `authProviders`. Its users are named by the subjects of this source. */
  provider?: string | null | undefined;
};

/** The event stream to create. */
export type CreateEventStreamInput = {
  /**
   * The audience of tokens for the receiver, 1 to 500 characters; for logout tokens the client id of the relying party. Absent
   * or null: the origin of the address, or for `SSF_POLL` the stream's id as a URN.
   */
  audience?: string | null | undefined;
  /** What it is for, at most 200 characters. */
  description?: string | null | undefined;
  /**
   * The types to deliver. Of a webhook: `session.started`, `session.ended`, `session.refresh_reuse_detected`,
   * `policy.updated`, `user.deactivated`, `user.reactivated`, `user.password_changed`, `test`. Of security event tokens the
   * event URIs of CAEP `session-revoked`, `session-established` and `credential-change`, and of RISC `account-disabled` and
   * `account-enabled`. Of logout tokens `session.ended` only. Absent or null: all, of a webhook also those of later versions.
   */
  eventTypes?: Array<string> | null | undefined;
  /** How events reach the receiver. */
  kind: EventStreamKind;
  /** How an event names whom it is about. */
  subjectFormat?: SubjectFormat | null | undefined;
  /** The receiver's address: https, public, at most 2000 characters. Every kind needs one but `SSF_POLL`, which has none. */
  url?: string | null | undefined;
};

/** What became of a delivery. */
export type DeliveryStatus =
  /** It was given up: 24 hours after its first attempt, or because its stream was disabled. `redeliver` makes it once more. */
  | 'DEAD'
  /** The receiver took it. */
  | 'DELIVERED'
  /** It waits for its first or another attempt. */
  | 'PENDING';

/** How events reach their receiver. */
export type EventStreamKind =
  /** Logout tokens of OpenID Connect are posted to an address, for each session that ends. */
  | 'BACK_CHANNEL_LOGOUT'
  /** The receiver fetches security event tokens (RFC 8936). */
  | 'SSF_POLL'
  /** Security event tokens are posted to an address (RFC 8935). */
  | 'SSF_PUSH'
  /** Signed JSON is posted to an address, as Standard Webhooks specifies it. */
  | 'WEBHOOK';

/** Whether a stream delivers. */
export type EventStreamStatus =
  /** Events are dropped. */
  | 'DISABLED'
  /** Events are delivered. */
  | 'ENABLED'
  /** Events are held, for `EVENT_RETENTION_DAYS` at most. */
  | 'PAUSED';

/** How a security event token names whom it is about. The other kinds of streams have fields of their own for that. */
export type SubjectFormat =
  /** The session, its user and its account. */
  | 'COMPLEX'
  /** The user, by their e-mail address at that time; a deleted user by issuer and id. As ISS_SUB otherwise. */
  | 'EMAIL'
  /**
   * The user, by issuer and id. The end of a session is told when the user has no other: a receiver ends all that the user
   * has there.
   */
  | 'ISS_SUB';

/** What changes of an event stream. An absent field stays as it is. */
export type UpdateEventStreamInput = {
  /** What it is for. Null: nothing. */
  description?: string | null | undefined;
  /** The types to deliver from now on. Null: all. */
  eventTypes?: Array<string> | null | undefined;
  /** Whether it delivers. DISABLED gives up what waits. Null: as it is. */
  status?: EventStreamStatus | null | undefined;
  /** A stream of the account. */
  streamId: string;
  /** How an event names whom it is about. Null: as it is. */
  subjectFormat?: SubjectFormat | null | undefined;
  /** The receiver's new address. Null: as it is. */
  url?: string | null | undefined;
};

export type EventStreamsQueryVariables = Exact<{ [key: string]: never; }>;


export type EventStreamsQuery = { eventStreams: Array<{ id: string, kind: EventStreamKind, url: string | null, description: string | null, eventTypes: Array<string>, subjectFormat: SubjectFormat, status: EventStreamStatus, statusReason: string | null, createdAt: string, lastDeliveredAt: string | null, failingSince: string | null, pendingCount: number, audience: string }> };

export type EventDeliveriesQueryVariables = Exact<{
  streamId: string;
  status?: DeliveryStatus | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type EventDeliveriesQuery = { eventDeliveries: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, eventType: string, sessionId: string | null, createdAt: string, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastError: string | null, nextAttemptAt: string | null } }> }, dead: { totalCount: number } };

export type EventTestDeliveriesQueryVariables = Exact<{
  streamId: string;
}>;


export type EventTestDeliveriesQuery = { eventDeliveries: { edges: Array<{ node: { id: string, eventType: string, sessionId: string | null, createdAt: string, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastError: string | null, nextAttemptAt: string | null } }> } };

export type CreateEventStreamMutationVariables = Exact<{
  input: CreateEventStreamInput;
}>;


export type CreateEventStreamMutation = { createEventStream: { secret: string | null, stream: { id: string, kind: EventStreamKind, url: string | null, description: string | null, eventTypes: Array<string>, subjectFormat: SubjectFormat, status: EventStreamStatus, statusReason: string | null, createdAt: string, lastDeliveredAt: string | null, failingSince: string | null, pendingCount: number, audience: string } } };

export type UpdateEventStreamMutationVariables = Exact<{
  input: UpdateEventStreamInput;
}>;


export type UpdateEventStreamMutation = { updateEventStream: { id: string, kind: EventStreamKind, url: string | null, description: string | null, eventTypes: Array<string>, subjectFormat: SubjectFormat, status: EventStreamStatus, statusReason: string | null, createdAt: string, lastDeliveredAt: string | null, failingSince: string | null, pendingCount: number, audience: string } };

export type DeleteEventStreamMutationVariables = Exact<{
  streamId: string;
}>;


export type DeleteEventStreamMutation = { deleteEventStream: boolean };

export type RotateEventStreamSecretMutationVariables = Exact<{
  streamId: string;
}>;


export type RotateEventStreamSecretMutation = { rotateEventStreamSecret: { secret: string } };

export type SendTestEventMutationVariables = Exact<{
  streamId: string;
}>;


export type SendTestEventMutation = { sendTestEvent: { id: string, eventType: string, sessionId: string | null, createdAt: string, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastError: string | null, nextAttemptAt: string | null } };

export type RedeliverEventMutationVariables = Exact<{
  deliveryId: string;
}>;


export type RedeliverEventMutation = { redeliver: { id: string, eventType: string, sessionId: string | null, createdAt: string, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastError: string | null, nextAttemptAt: string | null } };

export type RedeliverDeadEventsMutationVariables = Exact<{
  streamId: string;
}>;


export type RedeliverDeadEventsMutation = { redeliverDead: number };

export type EventSourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type EventSourcesQuery = { eventSources: Array<{ id: string, issuer: string, audience: string, provider: string | null, endpointUrl: string, createdAt: string, lastReceivedAt: string | null, lastError: string | null, lastUnverifiedError: string | null }> };

export type EventSourceProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type EventSourceProvidersQuery = { authProviders: Array<{ id: string, name: string }> };

export type CreateEventSourceMutationVariables = Exact<{
  input: CreateEventSourceInput;
}>;


export type CreateEventSourceMutation = { createEventSource: { id: string, issuer: string, audience: string, provider: string | null, endpointUrl: string, createdAt: string, lastReceivedAt: string | null, lastError: string | null, lastUnverifiedError: string | null } };

export type DeleteEventSourceMutationVariables = Exact<{
  sourceId: string;
}>;


export type DeleteEventSourceMutation = { deleteEventSource: boolean };

export type EventStreamRowFragment = { id: string, kind: EventStreamKind, url: string | null, description: string | null, eventTypes: Array<string>, subjectFormat: SubjectFormat, status: EventStreamStatus, statusReason: string | null, createdAt: string, lastDeliveredAt: string | null, failingSince: string | null, pendingCount: number, audience: string };

export type EventDeliveryRowFragment = { id: string, eventType: string, sessionId: string | null, createdAt: string, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastError: string | null, nextAttemptAt: string | null };

export type EventSourceRowFragment = { id: string, issuer: string, audience: string, provider: string | null, endpointUrl: string, createdAt: string, lastReceivedAt: string | null, lastError: string | null, lastUnverifiedError: string | null };

export const EventStreamRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventStreamRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventStream"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"eventTypes"}},{"kind":"Field","name":{"kind":"Name","value":"subjectFormat"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastDeliveredAt"}},{"kind":"Field","name":{"kind":"Name","value":"failingSince"}},{"kind":"Field","name":{"kind":"Name","value":"pendingCount"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}}]}}]} as unknown as DocumentNode<EventStreamRowFragment, unknown>;
export const EventDeliveryRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventDeliveryRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]} as unknown as DocumentNode<EventDeliveryRowFragment, unknown>;
export const EventSourceRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventSourceRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"issuer"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"endpointUrl"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReceivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"lastUnverifiedError"}}]}}]} as unknown as DocumentNode<EventSourceRowFragment, unknown>;
export const EventStreamsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventStreams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventStreams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventStreamRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventStreamRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventStream"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"eventTypes"}},{"kind":"Field","name":{"kind":"Name","value":"subjectFormat"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastDeliveredAt"}},{"kind":"Field","name":{"kind":"Name","value":"failingSince"}},{"kind":"Field","name":{"kind":"Name","value":"pendingCount"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}}]}}]} as unknown as DocumentNode<EventStreamsQuery, EventStreamsQueryVariables>;
export const EventDeliveriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventDeliveries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"status"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeliveryStatus"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventDeliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"Variable","name":{"kind":"Name","value":"status"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventDeliveryRow"}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"dead"},"name":{"kind":"Name","value":"eventDeliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"EnumValue","value":"DEAD"}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventDeliveryRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]} as unknown as DocumentNode<EventDeliveriesQuery, EventDeliveriesQueryVariables>;
export const EventTestDeliveriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventTestDeliveries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventDeliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventDeliveryRow"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventDeliveryRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]} as unknown as DocumentNode<EventTestDeliveriesQuery, EventTestDeliveriesQueryVariables>;
export const CreateEventStreamDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateEventStream"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateEventStreamInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createEventStream"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"stream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventStreamRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventStreamRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventStream"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"eventTypes"}},{"kind":"Field","name":{"kind":"Name","value":"subjectFormat"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastDeliveredAt"}},{"kind":"Field","name":{"kind":"Name","value":"failingSince"}},{"kind":"Field","name":{"kind":"Name","value":"pendingCount"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}}]}}]} as unknown as DocumentNode<CreateEventStreamMutation, CreateEventStreamMutationVariables>;
export const UpdateEventStreamDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateEventStream"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateEventStreamInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateEventStream"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventStreamRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventStreamRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventStream"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"eventTypes"}},{"kind":"Field","name":{"kind":"Name","value":"subjectFormat"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastDeliveredAt"}},{"kind":"Field","name":{"kind":"Name","value":"failingSince"}},{"kind":"Field","name":{"kind":"Name","value":"pendingCount"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}}]}}]} as unknown as DocumentNode<UpdateEventStreamMutation, UpdateEventStreamMutationVariables>;
export const DeleteEventStreamDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteEventStream"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteEventStream"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}}]}]}}]} as unknown as DocumentNode<DeleteEventStreamMutation, DeleteEventStreamMutationVariables>;
export const RotateEventStreamSecretDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RotateEventStreamSecret"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rotateEventStreamSecret"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"secret"}}]}}]}}]} as unknown as DocumentNode<RotateEventStreamSecretMutation, RotateEventStreamSecretMutationVariables>;
export const SendTestEventDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendTestEvent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendTestEvent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventDeliveryRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventDeliveryRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]} as unknown as DocumentNode<SendTestEventMutation, SendTestEventMutationVariables>;
export const RedeliverEventDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RedeliverEvent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deliveryId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"redeliver"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deliveryId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deliveryId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventDeliveryRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventDeliveryRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"eventType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]} as unknown as DocumentNode<RedeliverEventMutation, RedeliverEventMutationVariables>;
export const RedeliverDeadEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RedeliverDeadEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"redeliverDead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}}]}]}}]} as unknown as DocumentNode<RedeliverDeadEventsMutation, RedeliverDeadEventsMutationVariables>;
export const EventSourcesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventSources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventSources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventSourceRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventSourceRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"issuer"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"endpointUrl"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReceivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"lastUnverifiedError"}}]}}]} as unknown as DocumentNode<EventSourcesQuery, EventSourcesQueryVariables>;
export const EventSourceProvidersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventSourceProviders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authProviders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<EventSourceProvidersQuery, EventSourceProvidersQueryVariables>;
export const CreateEventSourceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateEventSource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateEventSourceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createEventSource"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventSourceRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventSourceRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EventSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"issuer"}},{"kind":"Field","name":{"kind":"Name","value":"audience"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"endpointUrl"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReceivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"lastUnverifiedError"}}]}}]} as unknown as DocumentNode<CreateEventSourceMutation, CreateEventSourceMutationVariables>;
export const DeleteEventSourceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteEventSource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sourceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteEventSource"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sourceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sourceId"}}}]}]}}]} as unknown as DocumentNode<DeleteEventSourceMutation, DeleteEventSourceMutationVariables>;