import { type KubeObject, templatesOf } from '../support/objects';

/** A mistake in one object of the guide's case, and what a judge has to say to it. */
export interface Fault {
  readonly what: string;
  /** Kind and beginning of the name. */
  readonly object: string;
  readonly plant: (object: KubeObject) => void;
  readonly check: string;
  /** The kind that the judge says it of. @default - that of the object */
  readonly saidOf?: string;
  /** @default - any message */
  readonly message?: RegExp;
}

/** Against the description of the API, in every version. */
export const invalid: Fault[] = [
  {
    what: 'a field that does not exist',
    object: 'Deployment/hexclave-server',
    plant: (object) => {
      container(object).enviroment = [];
    },
    check: 'invalid',
    message: /additional properties 'enviroment' not allowed/,
  },
  {
    what: 'a number where text belongs',
    object: 'ConfigMap/hexclave-config',
    plant: (object) => {
      object.data.PORT = 8102;
    },
    check: 'invalid',
    message: /'\/data\/PORT': got number, want string/,
  },
  {
    what: 'a field that is missing',
    object: 'Service/hexclave-api',
    plant: (object) => {
      delete object.spec.ports[0].port;
    },
    check: 'invalid',
    message: /missing property 'port'/,
  },
  {
    what: 'a quantity that is none',
    object: 'CronJob/hexclave-email-queue-step',
    plant: (object) => {
      container(object).resources.limits.memory = '64 Mi';
    },
    check: 'invalid',
    message: /limits\/memory/,
  },
  {
    what: 'a value that is not base64',
    object: 'Secret/hexclave-secrets',
    plant: (object) => {
      object.data = { PASSWORD: 'not base64' };
    },
    check: 'invalid',
    message: /\/data\/PASSWORD/,
  },
  {
    what: 'a group that no description has, though one begins alike',
    object: 'Ingress/hexclave-api',
    plant: (object) => {
      object.apiVersion = 'networking.acme.test/v1';
    },
    check: 'no-schema',
  },
];

/** The field came with 1.35 and went with 1.36. */
export const invalidBut135: Fault = {
  what: 'a field of another version',
  object: 'Job/hexclave-migrate-',
  plant: (object) => {
    object.spec.template.spec.workloadRef = { name: 'a', podGroup: 'b' };
  },
  check: 'invalid',
  message: /additional properties 'workloadRef' not allowed/,
};

export const unreliable: Fault[] = [
  {
    what: 'a limit that is missing, and an annotation that hides it',
    object: 'Deployment/hexclave-server',
    plant: (object) => {
      delete container(object).resources.limits.memory;
      object.metadata.annotations['kube-score/ignore'] = 'container-resources';
    },
    check: 'container-resources',
  },
  {
    what: 'a writable root file system',
    object: 'CronJob/hexclave-email-queue-step',
    plant: (object) => {
      container(object).securityContext.readOnlyRootFilesystem = false;
    },
    check: 'container-security-context-readonlyrootfilesystem',
  },
  {
    what: 'a tag that moves',
    object: 'Job/hexclave-migrate-',
    plant: (object) => {
      container(object).image = 'docker.io/stackauth/server:latest';
    },
    check: 'container-image-tag',
  },
  {
    what: 'a Service that selects no pod',
    object: 'Service/hexclave-api',
    plant: (object) => {
      object.spec.selector['app.kubernetes.io/component'] = 'sever';
    },
    check: 'service-targets-pod',
  },
  {
    what: 'an Ingress to no Service',
    object: 'Ingress/hexclave-dashboard',
    plant: (object) => {
      object.spec.rules[0].http.paths[0].backend.service.name = 'hexclave-dashbord';
    },
    check: 'ingress-targets-service',
  },
  {
    what: 'a NetworkPolicy for no pod',
    object: 'NetworkPolicy/hexclave-migration',
    plant: (object) => {
      object.spec.podSelector.matchLabels['app.kubernetes.io/component'] = 'migrator';
    },
    check: 'networkpolicy-targets-pod',
  },
];

export const insecure: Fault[] = [
  {
    what: 'a limit that is missing',
    object: 'Deployment/hexclave-server',
    plant: (object) => {
      delete container(object).resources.limits.cpu;
    },
    check: 'CKV_K8S_11',
  },
  {
    what: 'a privileged container, and an annotation that hides it',
    object: 'CronJob/hexclave-email-queue-step',
    plant: (object) => {
      container(object).securityContext.privileged = true;
      object.metadata.annotations['checkov.io/skip1'] = 'CKV_K8S_16=hidden';
    },
    check: 'CKV_K8S_16',
  },
  {
    what: 'a pod that no NetworkPolicy covers',
    object: 'Job/hexclave-migrate-',
    plant: (object) => {
      object.spec.template.metadata.labels = { app: 'other' };
    },
    check: 'CKV2_K8S_6',
    saidOf: 'Pod',
  },
  {
    what: 'an object in the namespace "default"',
    object: 'ConfigMap/hexclave-config',
    plant: (object) => {
      object.metadata.namespace = 'default';
    },
    check: 'CKV_K8S_21',
  },
];

/** The container that does the work of a workload. */
function container(owner: KubeObject): KubeObject {
  return templatesOf([{ file: '', object: owner }])[0]!.template.spec.containers[0];
}
