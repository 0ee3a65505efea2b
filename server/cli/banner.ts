import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { DemoSignIn } from '../demo/demo.ts';

/** Prints the URLs, the demo sign-ins and the data folder after the start. */
export function printBanner(url: string, config: Config, demo: DemoSignIn[] | null): void {
  const lines = [
    '',
    `Curfew is ready at ${url}`,
    '',
    `  Dashboard   ${url}/`,
    `  GraphiQL    ${url}/graphiql`,
    `  GraphQL     ${url}/graphql`,
    '',
  ];
  for (const { role, email, password } of demo ?? [])
    lines.push(`Demo sign-in: ${role} ${email} / ${password}`);
  if (demo) lines.push('');
  if (config.database.url === null) {
    const folder = resolve(config.database.dataDir);
    lines.push(`The data is in ${folder}. To start over, stop Curfew and delete that folder.`, '');
  }
  console.log(lines.join('\n'));
}
