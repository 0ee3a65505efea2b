import { EVENT_SOURCE_PATHS } from './event-sources.ts';
import { EXPORT_PATHS } from './exports.ts';
import { GATEWAY_PATHS } from './gateways.ts';
import { GRAPHQL_PATHS } from './graphql.ts';
import { OPERATION_PATHS } from './operation.ts';
import { SCHEMAS } from './schemas.ts';
import { SSF_PATHS_DESCRIBED } from './ssf.ts';
import { TOKEN_PATHS } from './tokens.ts';

// The HTTP endpoints as an OpenAPI 3.1 document. A test asks the running server for every status that stands here
// (test/operations/openapi.test.ts).

/** `refreshCookie`: the name of the cookie, which depends on whether it is Secure. */
export const createOpenApiDocument = (given: {
  publicUrl: string;
  version: string;
  refreshCookie: string;
}) => ({
  openapi: '3.1.1',
  info: {
    title: 'Curfew: the HTTP endpoints',
    version: given.version,
    description:
      'Curfew decides when a signed-in session must end, tells everyone in time, and ends it. The API for sessions, policies and people is GraphQL (`/schema.graphql`, try it at `/graphiql`). A page shows this document: `/reference`. Every answer names its request in `X-Request-Id`.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: given.publicUrl }],
  tags: [
    { name: 'GraphQL', description: 'Sessions, policies, people and applications.' },
    { name: 'Gateways', description: 'For proxies that ask before they let a request through.' },
    { name: 'Tokens', description: 'For back ends that are handed a token, and for APIs that verify one.' },
    { name: 'Exports', description: 'Files for those who examine an account.' },
    {
      name: 'Security events',
      description:
        'For receivers of the Shared Signals Framework, their streams and polls; and for systems that say when a session has to end.',
    },
    { name: 'Operation', description: 'For those who run Curfew.' },
  ],
  paths: {
    ...GRAPHQL_PATHS,
    ...GATEWAY_PATHS,
    ...TOKEN_PATHS,
    ...EVENT_SOURCE_PATHS,
    ...EXPORT_PATHS,
    ...SSF_PATHS_DESCRIBED,
    ...OPERATION_PATHS,
  },
  components: {
    securitySchemes: {
      accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
      serviceKey: { type: 'http', scheme: 'bearer', description: 'A service key of a trusted back end.' },
      serviceKeyBasic: {
        type: 'http',
        scheme: 'basic',
        description: 'The id of a service key, and the key.',
      },
      refreshCookie: {
        type: 'apiKey',
        in: 'cookie',
        name: given.refreshCookie,
        description: "The cookie of Curfew's own sign-in.",
      },
      sessionToken: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Session-Token',
        description: 'The token of a session that a back end opened; also as bearer.',
      },
      issuerToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'A token of type `global-token-revocation+jwt`, signed by the issuer of an event source.',
      },
      metricsToken: { type: 'http', scheme: 'bearer', description: 'The value of `METRICS_TOKEN`.' },
    },
    schemas: SCHEMAS,
  },
});
