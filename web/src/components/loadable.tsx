import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemOf, sentenceFor } from '../lib/problem.ts';
import { Delayed } from './delayed.tsx';
import { Failure } from './failure.tsx';

interface LoadableProps<T> {
  /** What `useQuery` answers. */
  query: { data?: T; error?: unknown; refetch: () => Promise<unknown> };
  /** How many lines the skeleton has; about as high as what comes, so that nothing jumps. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/** Loading, failed or there. Data that is there stays, also while it is asked for again or that has failed. */
export function Loadable<T>({ query, lines = 3, children }: LoadableProps<T>) {
  const { data, error, refetch } = query;
  const problem = error ? problemOf(error) : null;
  // The page is about to give way to the sign-in; an error message would only flash.
  const failure =
    problem && problem.kind !== 'session-over' ? (
      <Failure text={sentenceFor(problem)} onRetry={() => void refetch().catch(() => {})} />
    ) : null;
  if (data !== undefined) {
    return (
      <>
        {failure}
        {children(data)}
      </>
    );
  }
  return failure ?? <Loading lines={lines} />;
}

function Loading({ lines }: { lines: number }) {
  return (
    <Delayed>
      <Stack gap="sm" aria-busy="true">
        <VisuallyHidden role="status">Loading</VisuallyHidden>
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} height={34} radius="md" />
        ))}
      </Stack>
    </Delayed>
  );
}
