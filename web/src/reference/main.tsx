import './reference.css';
import { createRoot } from 'react-dom/client';
import type { OpenApiDocument } from './document.ts';
import { Reference } from './reference.tsx';

const root = createRoot(document.getElementById('reference')!);

try {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`Status ${response.status}`);
  root.render(<Reference document={(await response.json()) as OpenApiDocument} />);
} catch {
  root.render(
    <main>
      <h1>HTTP API</h1>
      <p role="alert">
        The document could not be loaded. Is Curfew running? Reload the page, or open{' '}
        <a href="/openapi.json">openapi.json</a>.
      </p>
    </main>,
  );
}
