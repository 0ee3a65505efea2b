import type { DeliveryStatus } from '../../generated/events-operations.ts';

/** What the page shows. It is kept in the address, so that a link shows the same and the Back button works. */
export interface EventsAddress {
  /** The stream whose deliveries are shown. Null: streams and sources. */
  streamId: string | null;
  /** Null: deliveries with any status. */
  status: DeliveryStatus | null;
}

export const DELIVERY_STATUSES: readonly DeliveryStatus[] = ['PENDING', 'DELIVERED', 'DEAD'];

/** Takes any address: what it does not understand counts as absent. */
export function readAddress(params: URLSearchParams): EventsAddress {
  const streamId = params.get('stream') || null;
  const status = params.get('status')?.toUpperCase();
  return {
    streamId,
    status: streamId === null ? null : (DELIVERY_STATUSES.find((known) => known === status) ?? null),
  };
}

export function writeAddress({ streamId, status }: EventsAddress): URLSearchParams {
  const params = new URLSearchParams();
  if (streamId !== null) params.set('stream', streamId);
  if (status !== null) params.set('status', status.toLowerCase());
  return params;
}
