import { plural, t } from '@lingui/core/macro';
import type { DeliveryStatus, EventDeliveryRowFragment } from '../../generated/events-operations.ts';

export type Delivery = EventDeliveryRowFragment;

export function statusName(status: DeliveryStatus): string {
  switch (status) {
    case 'PENDING':
      return t`Waiting`;
    case 'DELIVERED':
      return t`Delivered`;
    case 'DEAD':
      return t`Given up`;
  }
}

/** How a delivery stands: `failing` has been tried, and is tried again. */
export type DeliveryState = 'waiting' | 'failing' | 'delivered' | 'given-up';

export function deliveryState({ status, lastError }: Pick<Delivery, 'status' | 'lastError'>): DeliveryState {
  switch (status) {
    case 'DELIVERED':
      return 'delivered';
    case 'DEAD':
      return 'given-up';
    case 'PENDING':
      return lastError == null ? 'waiting' : 'failing';
  }
}

/** Said when dead deliveries were made once more. */
export const deliveryCount = (amount: number): string =>
  plural(amount, { one: '# event is sent again.', other: '# events are sent again.' });
