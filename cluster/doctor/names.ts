import { lookup } from 'node:dns/promises';
import type { Environment } from '../../config/environment';
import type { Item } from '../kubectl';
import { ofKind } from './facts';

/** Addresses and names under which the edge is reached, as its controller writes them down. */
export function edgeAddresses(items: readonly Item[]): string[] {
  const ingresses = ofKind({ items }, 'Ingress').flatMap(({ status }) => status?.loadBalancer?.ingress ?? []);
  const gateways = ofKind({ items }, 'Gateway').flatMap(({ status }) => status?.addresses ?? []);
  return [
    ...ingresses.flatMap(({ ip, hostname }: Item) => [ip, hostname]),
    ...gateways.map(({ value }: Item) => value),
  ].filter((address): address is string => typeof address === 'string' && address !== '');
}

/** What this machine resolves the two hosts and the edge to. Asks nobody while the edge has no address to compare with. */
export async function resolveHosts(env: Environment, items: readonly Item[]): Promise<Map<string, string[]>> {
  const edge = edgeAddresses(items);
  if (edge.length === 0) return new Map();
  const names = new Set([env.hosts.api, env.hosts.dashboard, ...edge]);
  const resolved = await Promise.all([...names].map(async (name) => [name, await addressesOf(name)] as const));
  return new Map(resolved);
}

async function addressesOf(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
