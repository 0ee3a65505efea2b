import { dirname } from 'node:path';
import ts from 'typescript';

// Compiles the tsconfig.json of each folder that the arguments name, and prints what TypeScript finds. One process for all,
// so that what they have in common is read once. Checked are the applications and the kit's own types, not the libraries of
// others: these take most of the time, and their types of any version are not this project's.

const shared = new Map<string, ts.SourceFile | undefined>();

/** The diagnostics of the compilation that a tsconfig.json describes. */
function compile(config: string): readonly ts.Diagnostic[] {
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    dirname(config),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, how, ...rest) => {
    if (!file.endsWith('.d.ts')) return getSourceFile(file, how, ...rest);
    // The same declarations mean the same, wherever they are taken for the same kind of module.
    const key = JSON.stringify([file, how]);
    if (!shared.has(key)) shared.set(key, getSourceFile(file, how, ...rest));
    return shared.get(key);
  };
  const program = ts.createProgram(fileNames, options, host);
  const checked = program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('/node_modules/') || fileName.includes('/@curfew/client/'));
  return [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
    // File by file: emitting the whole program would check all of it.
    ...fileNames.flatMap((file) => program.emit(program.getSourceFile(file)).diagnostics),
  ];
}

const found = process.argv.slice(2).flatMap(compile);
const names = { getCanonicalFileName: String, getCurrentDirectory: () => '/', getNewLine: () => '\n' };
process.stdout.write(ts.formatDiagnostics(found, names));
process.exitCode = found.length > 0 ? 1 : 0;
