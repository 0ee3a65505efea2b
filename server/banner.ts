import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { DemoSignIn } from './demo/demo.ts';

/** What a person who has just started Curfew needs next. */
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
    lines.push(`Data lies in ${folder}; stop Curfew and delete that folder to start over.`, '');
  }
  console.log(lines.join('\n'));
}
