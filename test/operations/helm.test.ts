import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { inRoot, ROOT, runProgram, withProgram } from './deploy-files.ts';

const CHART = 'deploy/helm/curfew';
const NEEDED = [
  ...['--set', 'publicUrl=https://curfew.example.com'],
  ...['--set', 'database.existingSecret=curfew-database', '--set', 'keys.existingSecret=curfew-keys'],
];
const EVERYTHING = [
  ...NEEDED,
  ...['--set', 'ingress.enabled=true,ingress.className=nginx,ingress.tlsSecret=curfew-tls'],
  ...['--set', 'metrics.serviceMonitor.enabled=true,metrics.existingSecret=curfew-metrics'],
  ...['--set', 'redis.existingSecret=curfew-redis,priorityClassName=high,image.digest='],
  ...['--set-json', 'extraEnv=[{"name":"DATABASE_POOL_MAX","value":"8"}]'],
  ...['--set-json', 'tolerations=[{"key":"a","operator":"Exists"}]'],
];

const MODELS = {
  'apps/v1': { names: apps, module: 'kubernetes-models/apps/v1' },
  'autoscaling/v2': { names: autoscaling, module: 'kubernetes-models/autoscaling/v2' },
  'networking.k8s.io/v1': { names: networking, module: 'kubernetes-models/networking.k8s.io/v1' },
  'policy/v1': { names: policy, module: 'kubernetes-models/policy/v1' },
  v1: { names: core, module: 'kubernetes-models/v1' },
  'monitoring.coreos.com/v1': {
    names: monitoring,
    module: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
  },
} as unknown as Record<
  string,
  { module: string; names: Record<string, new (data: unknown) => { validate(): void }> }
>;

interface Manifest {
  apiVersion: string;
  kind: string;
  [field: string]: any;
}

withProgram('helm', ['version'], () => {
  async function render(values: string[]): Promise<Manifest[]> {
    const { code, output } = await runProgram('helm', ['template', 'curfew', CHART, ...values]);
    if (code !== 0) throw new Error(output);
    return parseAllDocuments(output).map((document) => document.toJS() as Manifest);
  }

  test('helm lint finds nothing, with the defaults and with everything on', async () => {
    for (const values of [[], NEEDED, EVERYTHING])
      expect(await runProgram('helm', ['lint', '--strict', CHART, ...values])).toMatchObject({ code: 0 });
  });

  test.each([
    ['the defaults', NEEDED, 5],
    ['everything', EVERYTHING, 7],
  ])(
    'with %s each manifest is what Kubernetes accepts, without a field that it does not know',
    async (_, values, count) => {
      const manifests = await render(values);
      expect(manifests).toHaveLength(count);
      for (const manifest of manifests) {
        const { names } = MODELS[manifest.apiVersion]!;
        new names[manifest.kind]!(manifest).validate();
      }
      // The schemas let unknown fields pass, and the compiler does not.
      const lines = manifests.map(({ apiVersion, kind, ...rest }, index) => {
        const type = `import('${MODELS[apiVersion]!.module}').I${kind}`;
        return `export const manifest${index}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
      });
      await mkdir(inRoot('node_modules/.cache'), { recursive: true });
      const folder = await mkdtemp(inRoot('node_modules/.cache/curfew-manifests-'));
      try {
        await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
        await writeFile(join(folder, 'manifests.ts'), lines.join('\n'));
        const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck'];
        const options = ['--module', 'nodenext', '--types', 'node', join(folder, 'manifests.ts')];
        expect(await runProgram(process.execPath, [...tsc, ...options])).toEqual({ code: 0, output: '' });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    120_000,
  );

  test('the pod has no rights, three probes, and its secrets by reference', async () => {
    const manifests = await render(EVERYTHING);
    const { spec } = manifests.find(({ kind }) => kind === 'Deployment')!.spec.template;
    const [container] = spec.containers;
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.startupProbe.httpGet.path).toBe('/healthz');
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz?redis=optional');
    const secret = container.env.filter(({ name }: { name: string }) =>
      /^(DATABASE_URL|REDIS_URL|REFRESH_TOKEN_SECRET|METRICS_TOKEN)$/.test(name),
    );
    expect(secret).toHaveLength(4);
    for (const { valueFrom } of secret) expect(valueFrom.secretKeyRef.name).toMatch(/^curfew-/);
    expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
  });

  test('a missing or misspelt value is named', async () => {
    for (const [values, problem] of [
      [[], 'publicUrl is missing'],
      [NEEDED.slice(0, 2), 'database.existingSecret is missing'],
      [[...NEEDED, '--set', 'replicas=3'], 'replicas'],
      [[...NEEDED, '--set', 'publicUrl=http://curfew.example.com'], 'publicUrl'],
    ] as const) {
      const { code, output } = await runProgram('helm', ['template', 'curfew', CHART, ...values]);
      expect(code).toBe(1);
      expect(output).toContain(problem);
    }
  });
});
