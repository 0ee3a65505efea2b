import { Fields } from './fields.tsx';
import { Marked } from './marked.tsx';
import type { Content, OpenApiDocument, Operation } from './document.ts';
import { typeOf } from './document.ts';

/** Renders the OpenAPI document: an index, and then every endpoint with what goes in and what comes out. */
export function Reference({ document }: { document: OpenApiDocument }) {
  const { info, servers, tags, paths } = document;
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return (
    <>
      <a className="skip" href="#content">
        Skip to the endpoints
      </a>
      <header>
        <nav aria-label="Curfew">
          <a href="/">Curfew</a>
          <a href="/graphiql">GraphiQL</a>
          <a href="/schema.graphql">GraphQL schema</a>
          <a href="/openapi.json">openapi.json</a>
        </nav>
        <h1>{info.title}</h1>
        <p>
          <Marked text={info.description} />
        </p>
        <p>
          <span>{`Version ${info.version}, at `}</span>
          <code>{servers[0]?.url}</code>
        </p>
      </header>
      <nav aria-label="Endpoints" className="index">
        <ul>
          {endpoints.map(({ path, method, operation }) => (
            <li key={operation.operationId}>
              <a href={`#${operation.operationId}`}>
                <Method name={method} /> <code>{path}</code>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        {tags.map(({ name, description }) => (
          <section key={name} aria-labelledby={`tag-${name}`}>
            <h2 id={`tag-${name}`}>{name}</h2>
            <p>{description}</p>
            {endpoints
              .filter(({ operation }) => operation.tags.includes(name))
              .map(({ path, method, operation }) => (
                <article
                  key={operation.operationId}
                  id={operation.operationId}
                  aria-labelledby={`title-${operation.operationId}`}
                >
                  <h3 id={`title-${operation.operationId}`}>
                    <Method name={method} /> <code>{path}</code>
                  </h3>
                  <Endpoint document={document} operation={operation} />
                </article>
              ))}
          </section>
        ))}
      </main>
    </>
  );
}

const Method = ({ name }: { name: string }) => (
  <span className="method" data-method={name}>
    {name}
  </span>
);

function Endpoint({ document, operation }: { document: OpenApiDocument; operation: Operation }) {
  const { summary, description, security, parameters, requestBody, responses } = operation;
  return (
    <>
      <p className="summary">{summary}</p>
      {description && (
        <p>
          <Marked text={description} />
        </p>
      )}
      <h4>Credential</h4>
      <Credentials document={document} security={security} />
      {parameters && (
        <>
          <h4>Parameters</h4>
          <dl>
            {parameters.map(({ name, in: place, required, schema, description: meaning }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>{' '}
                  <span className="type">
                    {`${place}, ${typeOf(document, schema)}${required ? ', required' : ''}`}
                  </span>
                </dt>
                <dd>
                  <Marked text={meaning} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {requestBody && (
        <>
          <h4>Body</h4>
          <Bodies document={document} content={requestBody.content} />
        </>
      )}
      <h4>Answers</h4>
      {Object.entries(responses).map(([status, response]) => (
        <details key={status}>
          <summary>
            <span className="status" data-kind={status[0]}>
              {status}
            </span>{' '}
            <Marked text={response.description} />
          </summary>
          {response.headers && (
            <dl>
              {Object.entries(response.headers).map(([name, header]) => (
                <div key={name}>
                  <dt>
                    <code>{name}</code> <span className="type">header</span>
                  </dt>
                  <dd>
                    <Marked text={header.description} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
          {response.content ? (
            <Bodies document={document} content={response.content} />
          ) : (
            <p>Without a body.</p>
          )}
        </details>
      ))}
    </>
  );
}

function Credentials({ document, security }: { document: OpenApiDocument; security: Operation['security'] }) {
  const names = security.flatMap((scheme) => Object.keys(scheme));
  if (names.length === 0) return <p>None.</p>;
  return (
    <ul>
      {names.map((name) => (
        <li key={name}>
          <Marked text={document.components.securitySchemes[name]?.description ?? name} />
        </li>
      ))}
      {security.some((scheme) => Object.keys(scheme).length === 0) && <li>Or none.</li>}
    </ul>
  );
}

function Bodies({ document, content }: { document: OpenApiDocument; content: Content }) {
  return Object.entries(content).map(([type, { schema, example }]) => (
    <div key={type}>
      <p>
        <code>{type}</code>
      </p>
      <Fields document={document} schema={schema} />
      {example !== undefined && (
        <pre>
          <code>{typeof example === 'string' ? example : JSON.stringify(example, null, 2)}</code>
        </pre>
      )}
    </div>
  ));
}
