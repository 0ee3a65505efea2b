export interface Example {
  query: string;
  variables?: string;
  headers?: string;
}

export const json = (value: unknown) => JSON.stringify(value, null, 2);
