import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';

// Apollo Server on Fastify, as Curfew runs it, answering a constant of the shape that validateSession has.
const app = fastify();
const apollo = new ApolloServer({
  typeDefs: `
    input ValidateSessionInput { sessionToken: String! touch: Boolean = true }
    type SessionValidation { valid: Boolean! reason: String warning: Boolean! secondsRemaining: Int session: Session }
    type Session { id: ID! }
    type Query { ok: Boolean }
    type Mutation { validateSession(input: ValidateSessionInput!): SessionValidation! }`,
  resolvers: {
    Mutation: {
      validateSession: () => ({
        valid: true,
        reason: null,
        warning: false,
        secondsRemaining: 86_399,
        session: { id: '6f1e6a0c-0000-4000-8000-000000000000' },
      }),
    },
  },
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
app.post('/graphql', fastifyApolloHandler(apollo));
console.log(`listening at ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
process.once('SIGTERM', () => process.exit(0));
