import type { Slice } from './endings.ts';

/** A slice with its bounds on the reader's clock. */
export interface LocalSlice extends Slice {
  from: Date;
  to: Date;
}
