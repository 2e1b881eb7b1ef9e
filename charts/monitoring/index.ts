import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { PrometheusRule, PrometheusRuleSpecGroupsRulesExpr } from '../../imports/monitoring.coreos.com';
import { metadata, NAME } from '../metadata';
import { alertsOf } from './alerts';
import { dashboard } from './dashboard';
import { probe, prometheusOf } from './probe';

/** What a Prometheus of the operator's kind watches; nothing unless it is asked for. */
export function monitoring(scope: Construct, env: Environment): void {
  if (env.settings.monitoring.dashboard) dashboard(scope, env);
  const wanted = prometheusOf(env);
  if (!wanted) return;
  const { labels, prober } = wanted;
  new PrometheusRule(scope, 'alerts', {
    metadata: metadata(env, { name: NAME, stage: 'monitoring', labels }),
    spec: {
      groups: [
        {
          name: `${NAME}-${env.name}`,
          rules: alertsOf(env).map(({ alert, expr, lasts, severity, summary, description, runbook }) => ({
            alert,
            expr: PrometheusRuleSpecGroupsRulesExpr.fromString(expr),
            for: lasts,
            labels: { severity, environment: env.name },
            annotations: { summary, description, runbook },
          })),
        },
      ],
    },
  });
  if (prober) probe(scope, env, prober, labels);
}
