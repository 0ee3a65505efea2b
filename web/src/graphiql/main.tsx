import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { examples } from './examples.ts';
import { fetcher } from './fetcher.ts';
import { memoryStorage } from './memory-storage.ts';
import { StatusLine } from './status-line.tsx';

const storage = memoryStorage();

function GraphiqlPage() {
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      shouldPersistHeaders={false}
      defaultTabs={examples}
      // GraphiQL takes the variables of the first tab from here, not from defaultTabs.
      initialVariables={examples[0]?.variables ?? ''}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>
        <a className="curfew-logo" href="/">
          <img src="/favicon.svg" alt="" width="22" height="22" /> Curfew
        </a>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <StatusLine />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

const container = document.getElementById('graphiql');
if (!container) throw new Error('#graphiql is missing from the page');
createRoot(container).render(<GraphiqlPage />);
