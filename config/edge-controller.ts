import { type EdgePreset, edgePresets, openshiftRouter } from './edge-presets';
import type { Settings } from './settings';

/** The controller an environment is written for. */
export function edgeController(settings: Settings): EdgePreset {
  const { type, preset } = settings.edge;
  return type === 'ingress' && preset === 'none' && settings.platform === 'openshift'
    ? openshiftRouter
    : edgePresets[preset];
}

/** A controller's title where it does not begin the sentence: an article loses its capital, a name keeps it. */
export function inSentence(title: string): string {
  return title.replace(/^(An?|The)(?= )/, (article) => article.toLowerCase());
}
