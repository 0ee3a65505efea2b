/** Where graphql-js begins to say what is wrong with a value, after it has repeated the value. */
const PROBLEM =
  /; ((?:(?:String|Int|Float|Boolean|ID|JSON|JSONObject|Enum "\w+") cannot represent|Value ".*" does not exist in|Field "\w+" |Expected (?:non-nullable )?type ).*)$/s;

/** What may be kept of it, because it comes from the schema. */
const KEPT = [
  /^(?:String|Int|Float|Boolean|ID|JSON|JSONObject|Enum "\w+") cannot represent [a-z0-9 -]*value/,
  /^Field "[\w.]+" of required type "[\w[\]!]+" was not provided/,
  /^Field "\w+" is not defined by type "\w+"/,
  /^Expected non-nullable type "[\w[\]!]+" not to be null/,
  /^Expected type "\w+" to be an object/,
  /^Expected (?:value of )?type "[\w[\]!]+"/,
];
const UNKNOWN_ENUM_VALUE = /^Value ".*" does not exist in ("\w+") enum/s;

/**
 * graphql-js repeats in its messages what it was given: a password sent as a number, or beside a misspelt field, would
 * come back in the answer and from there get into the logs of others. This keeps what the schema says and drops the
 * value. `field` is the name of the input field that is at fault, where the message tells.
 */
export function withoutValues(message: string): { message: string; field?: string } {
  const variable = /^Variable "\$(\w+)" got invalid value /.exec(message)?.[1];
  if (variable === undefined) return { message: withoutTokens(withoutValue(message) ?? message) };

  // The last one: everything before it may be the client's.
  let problem = PROBLEM.exec(message)?.[1] ?? '';
  for (let next = PROBLEM.exec(problem); next; next = PROBLEM.exec(problem)) problem = next[1]!;
  const before = message.slice(0, message.length - problem.length);
  const path = / at "\w+((?:\.\w+|\[\d+\])+)"; $/.exec(before)?.[1] ?? '';
  const said = withoutValue(problem) ?? 'The value does not fit its type.';
  const missing = /^Field "(\w+)"/.exec(said)?.[1];
  const field = missing ?? path.match(/[A-Za-z_]\w*/g)?.at(-1);
  return {
    message: `Variable "$${variable}${path}" got an invalid value: ${said}`,
    ...(field ? { field } : {}),
  };
}

function withoutValue(problem: string): string | null {
  const type = UNKNOWN_ENUM_VALUE.exec(problem)?.[1];
  if (type !== undefined) return `The value does not exist in ${type} enum.`;
  for (const kept of KEPT) {
    const match = kept.exec(problem);
    if (match) return `${match[0]}.`;
  }
  return null;
}

/** A syntax error shows the literal that it stumbled over. */
const withoutTokens = (message: string): string =>
  message.startsWith('Syntax Error: ')
    ? message.replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1')
    : message;
