import * as z from 'zod';
import { bareKey, dnsLabel, dnsName, imageReference, labelValue, metadataKey, qualifiedName } from './values';
import { tolerationList } from './workload';

/** Whose pods a block of fields is for. `stores` are the pods of every store in the namespace, their Jobs included, but for those that render e-mail. */
export const podGroups = ['all', 'server', 'migration', 'maintenance', 'stores', 'renderer', 'backup'] as const;

export type PodGroup = (typeof podGroups)[number];

/** An object of Kubernetes' own, taken as it is: the API server knows its fields better than a copy of them here. */
const kubernetes = z.record(bareKey, z.unknown());
const list = z.array(kubernetes);

const address = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' });

/** The fields of a container, so that a misspelt one is found here and not by the API server. */
const sidecar = z
  .strictObject({
    name: dnsLabel.describe('Its name.'),
    image: imageReference.describe('As a full reference; registry stands in place of its host.'),
    command: z.array(z.string()).optional(),
    args: z.array(z.string()).optional(),
    workingDir: z.string().optional(),
    env: list.optional().describe('As in a container. Unset: none.'),
    envFrom: list.optional().describe('As in a container. Unset: none.'),
    ports: list.optional().describe('As in a container. Unset: none.'),
    startupProbe: kubernetes
      .optional()
      .describe('What is behind it in the pod starts when this probe has succeeded. Unset: as soon as it runs.'),
    readinessProbe: kubernetes.optional().describe('Unset: none.'),
    livenessProbe: kubernetes.optional().describe('Unset: none.'),
    lifecycle: kubernetes.optional().describe('Unset: none.'),
    resources: kubernetes
      .optional()
      .describe(
        'Requests and limits, over these: 10m to 500m of CPU, 32Mi to 256Mi of memory, 16Mi to 256Mi of node disk.',
      ),
    securityContext: kubernetes
      .optional()
      .describe('Over the hardening that all containers have, e.g. { runAsUser: 65532 }. Unset: the hardening alone.'),
    volumeMounts: list.optional().describe('Of the pod’s volumes. Unset: none.'),
    terminationMessagePolicy: z.string().optional(),
  })
  .describe('A container beside ours.');

const serviceAccount = z
  .strictObject({
    name: dnsName
      .optional()
      .describe('One that is there already. Unset: hexclave, or one of the pods’ own with annotations.'),
    annotations: z
      .record(metadataKey, z.string())
      .optional()
      .describe(
        'For a cloud’s workload identity, e.g. eks.amazonaws.com/role-arn. The pods then have a ServiceAccount of their own, such as hexclave-server. Unset: none.',
      ),
    token: z
      .array(dnsLabel)
      .optional()
      .describe(
        'Names of the containers that get a token of the ServiceAccount where Kubernetes’ clients look for it, such as a sidecar of Vault. Unset: none gets one.',
      ),
  })
  .optional()
  .describe('Who the pods are to the cluster and the cloud. Unset: hexclave, without a token.');

const dnsConfig = z
  .strictObject({
    nameservers: z.array(address).optional(),
    searches: z.array(z.string()).optional(),
    options: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).optional(),
  })
  .optional()
  .describe('Name servers, search domains and options of the pods, e.g. { options: [{ name: ndots, value: "2" }] }.');

/** The same for every group of pods; `charts/pods.ts` puts each into the pods, and the reference tells where it goes. */
export const podFields = {
  annotations: z.record(metadataKey, z.string()).optional().describe('Put on the pods. Unset: none.'),
  labels: z.record(metadataKey, labelValue).optional().describe('Put on the pods. Unset: none.'),
  nodeSelector: z.record(qualifiedName, labelValue).optional().describe('Nodes the pods may run on. Unset: any.'),
  tolerations: tolerationList.optional().describe('Put on the pods. Unset: none.'),
  affinity: kubernetes
    .optional()
    .describe(
      'nodeAffinity, podAffinity and podAntiAffinity as in a pod; each takes the place of the one that the manifests set. Unset: server pods prefer different nodes.',
    ),
  priorityClassName: dnsName.optional().describe('Unset: the cluster’s default.'),
  runtimeClassName: dnsName.optional().describe('E.g. gvisor. Unset: the nodes’ own runtime.'),
  hostAliases: z
    .array(z.strictObject({ ip: address, hostnames: z.array(dnsName).min(1) }))
    .optional()
    .describe('Lines of /etc/hosts. Unset: none.'),
  dnsPolicy: z.enum(['ClusterFirst', 'Default', 'None']).optional().describe('Unset: ClusterFirst.'),
  dnsConfig,
  serviceAccount,
  sidecars: z
    .array(sidecar)
    .optional()
    .describe(
      'Containers that start before ours and end after them, so that a Job still ends: native sidecars, for which the cluster has to be Kubernetes 1.29 or newer. Unset: none.',
    ),
  volumes: list.optional().describe('Volumes as in a pod, for sidecars and volumeMounts. Unset: none.'),
  volumeMounts: list.optional().describe('Put on every container of ours in the pods. Unset: none.'),
};

export type PodField = keyof typeof podFields;

export const pods = z
  .partialRecord(z.enum(podGroups), z.strictObject(podFields))
  .default({})
  .describe(
    'What the pods get besides, by whose they are: all, server, migration, maintenance, stores, renderer or backup. Maps are laid over each other, lists are put together, and of single values that of the narrower group counts. Unset: nothing.',
  );

export type PodSettings = z.output<z.ZodObject<typeof podFields>>;
export type Sidecar = z.output<typeof sidecar>;
