import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { altinity } from './altinity';
import { clickhouse } from './clickhouse';
import { cloudnativePg } from './cloudnative-pg';
import { postgres } from './postgres';
import type { StoreChart } from './store';

const charts: readonly StoreChart[] = [postgres, cloudnativePg, clickhouse, altinity];

/** The databases that run in the namespace; the migration Job and the gate wait for them by themselves. */
export function stores(scope: Construct, env: Environment): void {
  for (const chart of storesOf(env)) chart.emit(scope, env);
}

/** The stores that an environment has in its namespace. */
export function storesOf(env: Environment): readonly StoreChart[] {
  return charts.filter((chart) => chart.runs(env));
}
