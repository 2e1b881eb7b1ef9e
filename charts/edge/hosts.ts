import type { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { NAME } from '../metadata';
import { API_PORT, DASHBOARD_PORT } from '../ports';

/** The two hosts: also the names of their Services, of the Services' ports, and a part of the objects' names. */
export const hosts = ['api', 'dashboard'] as const;

export type Host = (typeof hosts)[number];

export const ports: Readonly<Record<Host, number>> = { api: API_PORT, dashboard: DASHBOARD_PORT };

/** All paths of each host, to its Service. */
export function ingressRules(env: Environment, group: readonly Host[]): k8s.IngressRule[] {
  return group.map((host) => ({
    host: env.hosts[host],
    http: {
      paths: [
        { path: '/', pathType: 'Prefix', backend: { service: { name: `${NAME}-${host}`, port: { name: host } } } },
      ],
    },
  }));
}
