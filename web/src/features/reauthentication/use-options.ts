import { useQuery } from '@apollo/client/react';
import {
  ReauthenticationOptionsDocument,
  type ReauthenticationOptionsQuery,
} from '../../generated/operations.ts';

export type Options = ReauthenticationOptionsQuery['reauthenticationOptions'];

/** Most users have a password, so it is asked for where the server cannot say. */
const UNKNOWN: Options = { password: true, providers: [] };

/** By what the user can confirm. Null: not known yet. */
export function useOptions(): Options | null {
  const { data, error } = useQuery(ReauthenticationOptionsDocument);
  return data?.reauthenticationOptions ?? (error ? UNKNOWN : null);
}
