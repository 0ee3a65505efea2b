import { DockerfileParser, type Copy, type Instruction } from 'dockerfile-ast';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

// Carries out the stages of the Dockerfile without a container engine. The root file system of a stage is a folder, in
// which the system of this machine stands, read-only, for the base image. The mounts need root and end with the process.

export const canMount =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0;

export type Stage = readonly Instruction[];

/** Returns the stages by name; the last one is `final`. */
export function readStages(dockerfile: string): Record<string, Stage> {
  const stages: [string, Instruction[]][] = [];
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const [, , name = 'final'] = instruction.getArguments().map((argument) => argument.getValue());
    if (instruction.getKeyword() === 'FROM') stages.push([name, []]);
    else stages.at(-1)?.[1].push(instruction);
  }
  return Object.fromEntries(stages);
}

export interface ImageSettings {
  readonly env: Record<string, string>;
  readonly user: string;
  readonly workingDirectory: string;
  readonly stopSignal: string;
  readonly volume: string;
  readonly healthcheck: string[];
  readonly command: string[];
}

/** @throws when a command is no list: a shell would then stand between the engine and the server */
export function readSettings(stage: Stage): ImageSettings {
  const text = (keyword: string): string =>
    stage.findLast((each) => each.getKeyword() === keyword)!.getArgumentsContent()!;
  const list = (keyword: string) => {
    const content = text(keyword);
    return JSON.parse(content.slice(content.indexOf('['))) as string[];
  };
  return {
    env: Object.fromEntries(
      text('ENV')
        .split(/\s+/)
        .map((each) => each.split('=') as [string, string]),
    ),
    user: text('USER'),
    workingDirectory: text('WORKDIR'),
    stopSignal: text('STOPSIGNAL'),
    volume: text('VOLUME'),
    healthcheck: list('HEALTHCHECK'),
    command: [...list('ENTRYPOINT'), ...list('CMD')],
  };
}

export interface Root {
  readonly path: string;
  /** Runs a command as root, in a file system that it can write. */
  build(command: string): Promise<void>;
  /** Starts a command like an engine that gives it no right and a read-only root file system. */
  start(command: readonly string[], settings: ImageSettings, env?: Record<string, string>): ChildProcess;
}

/** `nodeFolder` holds the Node of the base image, `cache` what npm has downloaded before. */
export async function createRoot(
  path: string,
  { nodeFolder, cache }: { nodeFolder: string; cache: string },
): Promise<Root> {
  const system = ['usr', 'etc', 'proc', 'dev'];
  for (const folder of [...system, 'node', 'tmp', 'opt', 'cache', 'volume'])
    await mkdir(join(path, folder), { recursive: true });
  for (const link of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${link}`, join(path, link));
  const mounts = [
    'set -eu',
    `mount --bind ${path} ${path}`,
    ...system.map((folder) => `mount --rbind /${folder} ${path}/${folder}`),
    ...['usr', 'etc'].map((folder) => `mount -o remount,bind,ro ${path}/${folder}`),
    `mount --bind ${nodeFolder} ${path}/node`,
  ];
  const PATH = `/node:${process.env.PATH}`;
  const inRoot = (steps: string[], command: string, env: Record<string, string>): ChildProcess =>
    spawn('unshare', ['--mount', 'sh', '-c', [...mounts, ...steps, command].join('\n')], {
      env: { ...env, PATH: (env.PATH ?? '$PATH').replace('$PATH', PATH) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  return {
    path,
    async build(command) {
      const env = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => /CERT|SSL|proxy|npm_config_registry/i.test(name)),
      ) as Record<string, string>;
      const child = inRoot(
        [`mount --bind ${cache} ${path}/cache`],
        `exec chroot ${path} /bin/sh -c '${command}'`,
        { ...env, HOME: '/tmp', npm_config_cache: '/cache' },
      );
      const { code, output } = await outcomeOf(child);
      if (code !== 0) throw new Error(`RUN ${command}: ${output}`);
    },
    start(command, { user, workingDirectory, volume, env: own }, env = {}) {
      const [uid, gid] = user.split(':');
      const readOnly = [
        `mount -t tmpfs tmpfs ${path}/tmp`,
        `mount --bind ${path}${volume} ${path}${volume}`,
        `mount -o remount,bind,ro ${path}`,
      ];
      const rights = `setpriv --reuid ${uid} --regid ${gid} --clear-groups --no-new-privs --bounding-set -all --inh-caps -all`;
      const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      return inRoot(readOnly, `exec chroot ${path} ${rights} env -C ${workingDirectory} ${quoted}`, {
        ...own,
        ...env,
      });
    },
  };
}

/** Carries out COPY --from and RUN. `stages` holds the folders of the stages before. */
export async function buildStage(stage: Stage, root: Root, stages: Record<string, string>): Promise<void> {
  for (const instruction of stage) {
    const [first, second] = instruction.getArguments().map((argument) => argument.getValue());
    if (instruction.getKeyword() === 'COPY') {
      const from = (instruction as Copy).getFromFlag()!.getValue()!;
      const copy = `mkdir -p "$(dirname ${root.path}${second})" && cp -a ${stages[from]}${first} ${root.path}${second}`;
      const { code, output } = await outcomeOf(spawn('sh', ['-c', copy]));
      if (code !== 0) throw new Error(`COPY: ${output}`);
    } else if (instruction.getKeyword() === 'RUN') {
      await root.build(instruction.getArgumentsContent()!);
    }
  }
}

export function outcomeOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}
