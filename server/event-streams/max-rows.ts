/** Deliveries that one statement changes: more would hold rows, and on the embedded database everything, for too long. */
export const MAX_ROWS = 10_000;
