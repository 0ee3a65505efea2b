import { type OpenApiDocument, resolve, type Schema, typeOf } from './document.ts';
import { Marked } from './marked.tsx';

/** The fields of an object, with those of the objects in it. */
export function Fields({ document, schema: given }: { document: OpenApiDocument; schema: Schema }) {
  const schema = resolve(document, given);
  const inner = resolve(document, schema.items ?? schema);
  if (!inner.properties) return null;
  return (
    <dl>
      {Object.entries(inner.properties).map(([name, field]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>{' '}
            <span className="type">
              {typeOf(document, field) + (inner.required?.includes(name) ? ', required' : '')}
            </span>
          </dt>
          {field.description && (
            <dd>
              <Marked text={field.description} />
            </dd>
          )}
          {(field.properties ?? field.items) && (
            <dd>
              <Fields document={document} schema={field} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
