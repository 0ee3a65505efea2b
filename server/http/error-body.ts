/** The body of an error that is answered outside of GraphQL's execution, in the form of a GraphQL response. */
export const toErrorBody = (message: string, code: string, requestId: string) => ({
  errors: [{ message, extensions: { code, requestId } }],
});
