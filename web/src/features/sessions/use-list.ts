import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createListReader, type ListReader, type ListState, type Source } from './list-reader.ts';

export interface ReadList<T, S> extends ListState<T, S> {
  reader: ListReader<T, S>;
  /** What is shown is of the source before; its successor has not answered yet. */
  isOutdated: boolean;
}

/** Reads a list while it is on the page. With another source, what was there stays until that one has answered. */
export function useList<T, S>(source: Source<T, S>): ReadList<T, S> {
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
