/** What the API and the audit trail show for a deleted user. The migration of deletions knows the text, too. */
export const DELETED_USER_NAME = 'Deleted user';
export const DELETED_ACCOUNT_NAME = 'Deleted account';
