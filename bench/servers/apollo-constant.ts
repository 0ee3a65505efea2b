import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VALIDATION } from '../lib/validation-answer.ts';

// Apollo Server on Fastify, with Curfew's schema, answering every validateSession with a constant.
const app = fastify();
const apollo = new ApolloServer({
  typeDefs: await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8'),
  resolvers: { Mutation: { validateSession: () => VALIDATION } },
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
app.post('/graphql', fastifyApolloHandler(apollo));
console.log(`listening at ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
process.once('SIGTERM', () => process.exit(0));
