/**
 * What always travels together is one file of the build: many small files compress badly. A group takes along all that its
 * modules import, so the shared ones come first, or GraphiQL would load and run parts of the dashboard.
 */
export const CHUNKS = [
  // What every page loads, GraphiQL's and the reference's too.
  {
    name: 'libraries',
    test: /node_modules\/(react|react-dom|scheduler|react-router|tslib|rxjs|optimism|@wry|@lingui|clsx)\/|vite\/preload-helper/,
  },
  // What the dashboard shares with GraphiQL.
  {
    name: 'client',
    test: /client\/src\/session-watcher\.ts$|node_modules\/(graphql-ws|graphql\/language\/(printer|visitor)\.mjs)/,
  },
  { name: 'overlays', test: /node_modules\/(@floating-ui\/react-dom|react-remove-scroll)\// },
  // The sign-in page. The styles in the order in which main.tsx imports them, before those of the pages.
  {
    name: 'start',
    test: /web\/src\/(app\/(app\.tsx|theme\.css)|lib\/(apollo|language)\.ts)$|@mantine\/core\/styles\.css|node_modules\/@fontsource/,
  },
  // The lists of pages and texts, which are read before either is loaded.
  { name: 'pages', test: /web\/src\/(app\/pages|lib\/signed-in-catalogs)\.ts$/ },
  // What the page of a link to set a password shares with those behind the sign-in.
  { name: 'form', test: /@mantine\/core\/.+\/Checkbox\/|web\/src\/lib\/new-password\.ts$/ },
  // What the page to which identity providers redirect shares with them.
  { name: 'provider', test: /web\/src\/lib\/(pending-sign-in|provider-confirmation)\.ts$/ },
  // What nearly every page behind the sign-in needs.
  {
    name: 'signed-in',
    test: /web\/src\/(app\/shell\.tsx$|(components\/(?!action-menu|use-on-demand|form-dialog|copy-text|top-dialog|live-region|use-sign-out-others)|generated\/operations|lib\/(?!list-other-sessions|revoke-others|use-after-click|use-expiry-announcement)))|@apollo\/client\/react\/hooks\/useQuery|@mantine\/core\/.+\/NativeSelect\/|@mantine\/hooks\/.+\/use-debounced-value|lucide-react\/.+\/chevron-right/,
  },
  // What an entry of the audit trail and a version of the policy say about a change.
  {
    name: 'policy-change',
    test: /web\/src\/features\/trail\/(applied|from-to|policy-change|stored-details)/,
  },
];
