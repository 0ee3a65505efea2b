import { deletionMutants } from './deletion.mutants.ts';
import { edgeMutants } from './edge.mutants.ts';
import { endMutants } from './end.mutants.ts';
import { eventMutants } from './event.mutants.ts';
import type { Mutant } from './mutant.ts';
import { nodeMutants } from './node.mutants.ts';
import { policyMutants } from './policy.mutants.ts';
import { reauthenticationMutants } from './reauthentication.mutants.ts';
import { refreshMutants } from './refresh.mutants.ts';
import { signInMutants } from './sign-in.mutants.ts';

export const mutants: readonly Mutant[] = [
  ...refreshMutants,
  ...reauthenticationMutants,
  ...policyMutants,
  ...endMutants,
  ...signInMutants,
  ...deletionMutants,
  ...edgeMutants,
  ...nodeMutants,
  ...eventMutants,
];

/** The invariants of the design and its known faults, each with a mutant or a reason to have none. */
export const PROMISES: readonly string[] = [
  ...Array.from({ length: 25 }, (_, index) => `I${index + 1}`),
  'I26',
  // Security events (docs/decisions/059-event-streams.md).
  'I27',
  'I28',
  // Authenticating again, and what needs it (docs/decisions/056-authenticating-again.md).
  'I29',
  'I30',
  ...Array.from({ length: 21 }, (_, index) => `fault ${index + 1}`),
];
