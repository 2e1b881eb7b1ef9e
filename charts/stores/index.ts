import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { altinity } from './altinity';
import { clickhouse } from './clickhouse';
import { cloudnativePg } from './cloudnative-pg';
import { mailpit } from './mailpit';
import { postgres } from './postgres';
import { renderer } from './renderer';
import { seaweedfs } from './seaweedfs';
import type { StoreChart } from './store';
import { svix } from './svix';

const charts: readonly StoreChart[] = [
  postgres,
  cloudnativePg,
  clickhouse,
  altinity,
  mailpit,
  seaweedfs,
  svix,
  renderer,
];

/** The databases that run in the namespace; the migration Job and the gate wait for them by themselves. */
export function stores(scope: Construct, env: Environment): void {
  for (const chart of storesOf(env)) chart.emit(scope, env);
}

/** The stores that an environment has in its namespace. */
export function storesOf(env: Environment): readonly StoreChart[] {
  return charts.filter((chart) => chart.runs(env));
}
