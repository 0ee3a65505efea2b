import { Trans } from '@lingui/react/macro';
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemOf, problemMessage } from '../lib/problem.ts';
import { Delayed } from './delayed.tsx';
import { Failure } from './failure.tsx';

interface LoadableProps<T> {
  /** The result of `useQuery`. */
  query: { data?: T; error?: unknown; refetch: () => Promise<unknown> };
  /** Lines of the skeleton. About as high as the content, so that nothing jumps. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/** Shows a skeleton, an error or the data. Loaded data stays during a reload and after a failed one. */
export function Loadable<T>({ query, lines = 3, children }: LoadableProps<T>) {
  const { data, error, refetch } = query;
  const problem = error ? problemOf(error) : null;
  // The redirect to the sign-in page follows; an error message would only flash.
  const failure =
    problem && problem.kind !== 'session-over' ? (
      <Failure text={problemMessage(problem)} onRetry={() => void refetch().catch(() => {})} />
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
        <VisuallyHidden role="status">
          <Trans>Loading</Trans>
        </VisuallyHidden>
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} height={34} radius="md" />
        ))}
      </Stack>
    </Delayed>
  );
}
