/** Longer than any message about names of the schema. The rest may be client input, up to a megabyte. */
const MAX_MESSAGE_LENGTH = 500;

/** The parts of messages about values that may be kept, because they come from the schema. */
const KEPT = [
  /^(?:String|Int|Float|Boolean|ID|DateTime|JSON|JSONObject|Enum "\w+") cannot represent [a-z0-9 -]*value/,
  /^Field "[\w.]+" of required type "[\w[\]!]+" was not provided/,
  /^Field "\w+" is not defined by type "\w+"/,
  /^Expected non-nullable type "[\w[\]!]+" not to be null/,
  /^Expected type "\w+" to be an object/,
  /^Expected (?:value of )?type "[\w[\]!]+"/,
  /^Argument "\w+" has invalid value/,
];
const ENUM = /does not exist in ("\w+") enum/g;
/** A literal in a syntax error; it may be cut off. */
const LITERAL = /\b(String|BlockString|Int|Float) "/;

/**
 * Removes client input from a message of graphql-js, which repeats values: a password sent as a number, or next to a
 * misspelt field, would come back in the response and reach the logs of others. Keeps what comes from the schema. Long
 * messages are cut before they are parsed.
 */
export function redactValues(message: string): string {
  if (message.startsWith('Value "')) return withoutEnumValue(message);
  const text = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message;
  if (text.startsWith('Syntax Error: ')) return withoutLiteral(text);
  for (const kept of KEPT) {
    const match = kept.exec(text);
    if (match) return `${match[0]}.`;
  }
  return text;
}

/** In these messages the name of the enum follows the value. */
function withoutEnumValue(message: string): string {
  const type = [...message.slice(-MAX_MESSAGE_LENGTH).matchAll(ENUM)].at(-1)?.[1];
  return type === undefined
    ? 'The value does not fit its type.'
    : `The value does not exist in ${type} enum.`;
}

function withoutLiteral(text: string): string {
  const match = LITERAL.exec(text);
  return match ? `${text.slice(0, match.index)}${match[1]}.` : text;
}
