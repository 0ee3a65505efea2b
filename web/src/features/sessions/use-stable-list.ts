import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createListReader, type ListReader, type ListState, type Source } from './list-reader.ts';

export interface StableListReading<T, S> extends ListState<T, S> {
  reader: ListReader<T, S>;
  /** The rows are those of the previous source; the current one has not responded yet. */
  isOutdated: boolean;
}

/** Reads a list while it is mounted. When the source changes, the old rows stay until the new source has responded. */
export function useStableList<T, S>(source: Source<T, S>): StableListReading<T, S> {
  const reader = useMemo(() => createListReader(source), [source]);
  useEffect(() => {
    void reader.reload();
    return reader.stop;
  }, [reader]);
  const state = useSyncExternalStore(reader.subscribe, reader.getState);
  const [last, setLast] = useState(state);
  if (state.list && state !== last) setLast(state);
  const isOutdated = !state.list && last.list !== null;
  return {
    ...state,
    list: state.list ?? last.list,
    summary: state.summary ?? last.summary,
    reader,
    isOutdated,
  };
}
