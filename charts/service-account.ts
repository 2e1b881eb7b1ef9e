import type { Environment } from '../config/environment';
import { podSettings } from '../config/pods';
import type { PodGroup } from '../config/settings/pods';
import { NAME } from './metadata';

/** Name of the ServiceAccount of a group's pods: one of the user's, one of their own, or the one of everybody. */
export function serviceAccountName(env: Environment, group: PodGroup): string {
  const own = env.settings.pods[group]?.serviceAccount;
  if (own?.name) return own.name;
  if (group !== 'all' && own?.annotations) return `${NAME}-${group}`;
  return env.settings.pods.all?.serviceAccount?.name ?? NAME;
}

/** The ServiceAccounts that the manifests bring, with their annotations. */
export function serviceAccounts(env: Environment): ReadonlyMap<string, Record<string, string>> {
  const { all, ...groups } = env.settings.pods;
  const found = new Map([[NAME, all?.serviceAccount?.name ? {} : (all?.serviceAccount?.annotations ?? {})]]);
  for (const group of Object.keys(groups) as PodGroup[]) {
    const { name, annotations } = env.settings.pods[group]?.serviceAccount ?? {};
    if (name || !annotations) continue;
    found.set(`${NAME}-${group}`, podSettings(env.settings, group).serviceAccount?.annotations ?? {});
  }
  return found;
}
