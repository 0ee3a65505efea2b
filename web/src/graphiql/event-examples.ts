import { type Example, json } from './example.ts';

/** For owners: where security events go, and from whom they are taken. */
export const eventExamples: readonly Example[] = [
  {
    query: `# Where the events of the account go.
query EventStreams {
  eventStreams {
    id
    kind
    url
    description
    eventTypes
    subjectFormat
    audience
    status
    statusReason
    pendingCount
    lastDeliveredAt
    failingSince
  }
}
`,
  },
  {
    query: `# Creates a stream. The secret of a webhook is shown
# only here: receivers verify each event with it.
mutation CreateEventStream($input: CreateEventStreamInput!) {
  createEventStream(input: $input) {
    secret
    stream {
      id
      eventTypes
    }
  }
}
`,
    variables: json({
      input: {
        kind: 'WEBHOOK',
        url: 'https://hooks.example.com/curfew',
        description: 'Shop',
        eventTypes: ['session.ended', 'user.deactivated'],
      },
    }),
  },
  {
    query: `# Changes a stream, with an id from EventStreams: what
# is absent stays. PAUSED holds events, DISABLED drops
# them.
mutation UpdateEventStream($input: UpdateEventStreamInput!) {
  updateEventStream(input: $input) {
    description
    eventTypes
    status
  }
}
`,
    variables: json({ input: { streamId: 'STREAM_ID', status: 'PAUSED' } }),
  },
  {
    query: `# A new secret. The old one signs beside it for 24
# hours.
mutation RotateEventStreamSecret($streamId: ID!) {
  rotateEventStreamSecret(streamId: $streamId) {
    secret
  }
}
`,
    variables: json({ streamId: 'STREAM_ID' }),
  },
  {
    query: `# Sends a test event. EventDeliveries shows what
# became of it.
mutation SendTestEvent($streamId: ID!) {
  sendTestEvent(streamId: $streamId) {
    id
    status
  }
}
`,
    variables: json({ streamId: 'STREAM_ID' }),
  },
  {
    query: `# The deliveries of a stream, newest first. status is
# one of PENDING, DELIVERED and DEAD.
query EventDeliveries($streamId: ID!, $status: DeliveryStatus) {
  eventDeliveries(streamId: $streamId, status: $status, first: 20) {
    totalCount
    edges {
      node {
        id
        eventType
        sessionId
        createdAt
        status
        attempts
        lastAttemptAt
        lastError
        nextAttemptAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: json({ streamId: 'STREAM_ID', status: null }),
  },
  {
    query: `# Makes one delivery once more, with an id from
# EventDeliveries.
mutation Redeliver($deliveryId: ID!) {
  redeliver(deliveryId: $deliveryId) {
    status
  }
}
`,
    variables: json({ deliveryId: 'DELIVERY_ID' }),
  },
  {
    query: `# Makes every delivery that was given up once more.
mutation RedeliverDead($streamId: ID!) {
  redeliverDead(streamId: $streamId)
}
`,
    variables: json({ streamId: 'STREAM_ID' }),
  },
  {
    query: `# Deletes a stream: what waits for it is not sent.
mutation DeleteEventStream($streamId: ID!) {
  deleteEventStream(streamId: $streamId)
}
`,
    variables: json({ streamId: 'STREAM_ID' }),
  },
  {
    query: `# Who may end sessions of the account by their
# security events.
query EventSources {
  eventSources {
    id
    issuer
    audience
    provider
    endpointUrl
    lastReceivedAt
    lastError
  }
}
`,
  },
  {
    query: `# Accepts the events of a transmitter, such as your
# identity provider, at endpointUrl.
mutation CreateEventSource($input: CreateEventSourceInput!) {
  createEventSource(input: $input) {
    id
    endpointUrl
  }
}
`,
    variables: json({
      input: { issuer: 'https://idp.example.com', audience: 'https://curfew.example.com', provider: null },
    }),
  },
  {
    query: `# Accepts them no longer, with an id from
# EventSources.
mutation DeleteEventSource($sourceId: ID!) {
  deleteEventSource(sourceId: $sourceId)
}
`,
    variables: json({ sourceId: 'SOURCE_ID' }),
  },
];
