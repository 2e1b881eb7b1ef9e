import * as z from 'zod';
import { accept } from './settings/accept';
import { backup } from './settings/backup';
import { edge } from './settings/edge';
import { image, imagePullSecrets, images, registry } from './settings/images';
import { maintenance } from './settings/maintenance';
import { monitoring } from './settings/monitoring';
import { namespace, network, platform } from './settings/network';
import { patches } from './settings/patches';
import { pods } from './settings/pods';
import { proxy } from './settings/proxy';
import { purpose } from './settings/purpose';
import { env, secrets } from './settings/secrets';
import { stores } from './settings/stores';
import {
  annotations,
  caBundle,
  labels,
  migration,
  nodeSelector,
  priorityClassName,
  replicas,
  resources,
  tolerations,
} from './settings/workload';

/**
 * The schema of `environment.yaml`: the Kubernetes side of an environment. Everything has a default that is right for
 * production, except the image's tag. `environment.schema.json` and the reference page are generated from it.
 */
export const settingsSchema = z
  .strictObject({
    platform,
    purpose,
    namespace,
    image,
    images,
    registry,
    imagePullSecrets,
    replicas,
    resources,
    secrets,
    env,
    migration,
    backup,
    maintenance,
    monitoring,
    edge,
    stores,
    network,
    labels,
    annotations,
    caBundle,
    proxy,
    nodeSelector,
    tolerations,
    priorityClassName,
    pods,
    patches,
    accept,
  })
  .describe('An environment of Hexclave on Kubernetes.');

/** `environment.yaml` with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
