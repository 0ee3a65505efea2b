import { parseArgs } from 'node:util';

/** The options and the argument that a command line may have. */
export interface ArgumentSpec {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  /** Options that may be given several times. */
  readonly repeated?: readonly string[];
  readonly flags?: readonly string[];
  /** The name of the one value without a dash. */
  readonly argument?: string;
}

export interface Arguments {
  /** Returns the value of an option. Null when it is absent or empty. */
  text(option: string): string | null;
  /** Returns the value of a required option, or of the argument. */
  required(name: string): string;
  /** Returns every value of a repeated option. */
  all(option: string): readonly string[];
  has(flag: string): boolean;
}

/** The command line is wrong. The message says how. */
export class UsageError extends Error {}

/** Reads the words of a command line. @throws UsageError for an unknown option and for a missing one */
export function readArguments(args: readonly string[], spec: ArgumentSpec): Arguments {
  const { required = [], argument } = spec;
  const { values, positionals } = parse(args, spec);
  const extra = positionals.slice(argument === undefined ? 0 : 1);
  if (extra.length > 0) throw new UsageError(`Unexpected argument: "${extra[0]}".`);

  const texts = new Map(Object.entries(values).filter(([, value]) => typeof value === 'string' && value));
  if (argument !== undefined && positionals[0]) texts.set(argument, positionals[0]);
  const missing = [
    ...required.filter((name) => !texts.has(name)).map((name) => `--${name}`),
    ...(argument !== undefined && !texts.has(argument) ? [argument] : []),
  ];
  if (missing.length > 0)
    throw new UsageError(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`);

  const text = (name: string): string | null => (texts.get(name) as string | undefined) ?? null;
  return {
    text,
    required: (name) => text(name)!,
    all: (option) => (values[option] as string[] | undefined) ?? [],
    has: (flag) => values[flag] === true,
  };
}

function parse(args: readonly string[], spec: ArgumentSpec) {
  const { required = [], optional = [], repeated = [], flags = [] } = spec;
  const options = Object.fromEntries([
    ...[...required, ...optional].map((name) => [name, { type: 'string' as const }]),
    ...repeated.map((name) => [name, { type: 'string' as const, multiple: true }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]) as Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
