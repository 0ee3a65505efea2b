import { useSearchParams, type NavigateOptions } from 'react-router';

/** Changes parameters of the page's address. `edit` gets them as they are, and returns what they become. */
export type ChangeAddressParams = (
  edit: (params: URLSearchParams) => URLSearchParams,
  options?: NavigateOptions,
) => void;

/**
 * The parameters of the page's address, and how to change them. A change starts from the address of this moment:
 * `setSearchParams` starts from the last render, so the second of two quick changes would undo the first.
 */
export function useAddressParams(): [URLSearchParams, ChangeAddressParams] {
  const [params, setParams] = useSearchParams();
  return [params, (edit, options) => setParams(edit(new URLSearchParams(window.location.search)), options)];
}
