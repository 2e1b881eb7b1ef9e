import { type EdgePreset, edgePresets, openshiftRouter } from './edge-presets';
import type { Settings } from './settings';

/** The controller an environment is written for. */
export function edgeController(settings: Settings): EdgePreset {
  const { type, preset } = settings.edge;
  return type === 'ingress' && preset === 'none' && settings.platform === 'openshift'
    ? openshiftRouter
    : edgePresets[preset];
}
