import type { Role, UserStatus } from '../generated/schema.ts';

/** A user as the API shows them. */
export interface UserView {
  id: string;
  accountId: string;
  /** The user's id in the application that creates their sessions. */
  externalId?: string | null;
  name: string;
  email: string;
  /** Null: the user cannot sign in here. */
  signInEmail?: string | null;
  role: Role;
  isActive: boolean;
  lastLoginAt?: Date | null;
  /** Absent: not read with the row. */
  status?: UserStatus;
}
