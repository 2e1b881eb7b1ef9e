import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { metadata, NAME } from '../metadata';
import { panelsOf } from './panels';

/**
 * A dashboard for Grafana, in a ConfigMap with the label that Grafana's sidecar of kube-prometheus-stack looks for. The numbers are those
 * of the alerts, so that who is called sees what has called.
 */
export function dashboard(scope: Construct, env: Environment): void {
  new k8s.KubeConfigMap(scope, 'dashboard', {
    metadata: metadata(env, {
      name: `${NAME}-dashboard`,
      stage: 'monitoring',
      labels: { grafana_dashboard: '1' },
    }),
    data: { [`${NAME}-${env.name}.json`]: `${JSON.stringify(document(env), null, 1)}\n` },
  });
}

function document(env: Environment): object {
  return {
    // Stable, so that links to it live on.
    uid: `${NAME}-${env.name}`.slice(0, 40),
    title: `Hexclave: ${env.name}`,
    tags: [NAME],
    schemaVersion: 39,
    editable: true,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
      ],
    },
    panels: panelsOf(env).map(({ title, about, unit, type, queries, thresholds }, index) => ({
      id: index + 1,
      title,
      description: about,
      type,
      datasource: DATASOURCE,
      gridPos: { h: 8, w: 8, x: (index % 3) * 8, y: Math.floor(index / 3) * 8 },
      fieldConfig: {
        defaults: {
          unit,
          min: 0,
          ...(thresholds ? { thresholds: { mode: 'absolute', steps: thresholds }, color: { mode: 'thresholds' } } : {}),
        },
        overrides: [],
      },
      options: type === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] }, graphMode: 'area' } : {},
      targets: Object.entries(queries).map(([legend, expr], number) => ({
        refId: String.fromCharCode(65 + number),
        datasource: DATASOURCE,
        expr,
        legendFormat: legend,
      })),
    })),
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the chosen data source there
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
