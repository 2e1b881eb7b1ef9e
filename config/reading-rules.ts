import type { Finding, RuleFacts, Severity } from './finding';

/** What is found where the files are read, before the rules can look at what they say together. */
export const fileRules = {
  'file-unreadable': { severity: 'error', summary: 'A file of the environment is not there or cannot be read.' },
  'environment-name': {
    severity: 'error',
    summary: 'The name of the environment’s folder is none that Kubernetes takes in a label.',
  },
  'evaluation-unmade': { severity: 'error', summary: 'An evaluation has no secrets on this machine yet.' },
  'environment-yaml-syntax': { severity: 'error', summary: 'environment.yaml is not valid YAML.' },
  'environment-yaml-merge-key': {
    severity: 'error',
    summary: 'A map in environment.yaml takes over the fields of another with the merge key <<.',
  },
  'environment-yaml-unknown-field': { severity: 'error', summary: 'environment.yaml has a field that there is not.' },
  'environment-yaml-missing-field': { severity: 'error', summary: 'environment.yaml lacks a field that is required.' },
  'environment-yaml-invalid-value': {
    severity: 'error',
    summary: 'A value in environment.yaml, or a key that you choose there, is none that the field takes.',
  },
  'environment-yaml-unwritable-text': {
    severity: 'error',
    summary: 'A text in environment.yaml holds a NUL or half of a surrogate pair.',
  },
  'extra-syntax': { severity: 'error', summary: 'A file in extra/ is not valid YAML, or holds what is no object.' },
  'env-file-encoding': { severity: 'error', summary: 'A line of an env file is not valid UTF-8.' },
  'env-file-bom': { severity: 'warning', summary: 'An env file begins with a byte order mark.' },
  'env-file-crlf': { severity: 'warning', summary: 'Lines of an env file end in CRLF.' },
  'env-file-long-line': { severity: 'error', summary: 'A line of an env file is longer than Docker reads.' },
  'env-file-foreign': {
    severity: 'error',
    summary:
      'A file that should be an env file is something else as a whole, such as a compose file, JSON or an archive.',
  },
  'import-unresolved': {
    severity: 'error',
    summary: 'init: a value of a compose file or a Secret is not in the file, or cannot be read from it.',
  },
  'import-unwritable': {
    severity: 'error',
    summary: 'init: a value has several lines, and an env file holds none of that kind.',
  },
  'env-file-many-lines': {
    severity: 'error',
    summary: 'An env file has far more lines than the server has variables.',
  },
  'env-file-no-name': { severity: 'error', summary: 'A line of an env file has no name before the equals sign.' },
  'env-file-blank-in-name': { severity: 'error', summary: 'A name in an env file has a blank in it or behind it.' },
  'env-file-export': { severity: 'error', summary: 'A line of an env file begins with export.' },
  'env-file-bare-name': { severity: 'error', summary: 'A line of an env file has no equals sign.' },
  'env-file-nul': { severity: 'error', summary: 'A line of an env file holds a NUL character.' },
  'env-file-duplicate': { severity: 'warning', summary: 'Two lines of an env file set one variable.' },
  'env-file-quotes': { severity: 'warning', summary: 'A value in an env file is in quotes, which Docker keeps.' },
  'env-file-open-quote': {
    severity: 'warning',
    summary: 'A value in an env file opens a quote and does not close it.',
  },
  'env-file-comment': { severity: 'warning', summary: 'A value in an env file holds what looks like a comment.' },
  'env-file-blanks': { severity: 'warning', summary: 'A value in an env file begins or ends with a blank.' },
  'env-file-interpolation': {
    severity: 'warning',
    summary: 'A value in an env file refers to another variable, which Docker leaves as it is.',
  },
  'env-file-invisible': {
    severity: 'warning',
    summary: 'A value in an env file holds a character that cannot be seen.',
  },
  'secrets-file-ignored': {
    severity: 'warning',
    summary: 'There is a secrets.env that the mode of the secrets does not read.',
  },
  'secrets-not-sealed': { severity: 'error', summary: 'The file with the encrypted secrets is not there.' },
  'sealed-file-invalid': { severity: 'error', summary: 'secrets.sealed.yaml is not what the seal command writes.' },
  'sops-file-invalid': { severity: 'error', summary: 'A file of sops is not the Secret that the manifests need.' },
  'sops-mac': { severity: 'error', summary: 'The checksum in a file of sops covers what the manifests write anew.' },
  'sops-plaintext': { severity: 'error', summary: 'A value in a file of sops is not encrypted.' },
  'certificate-invalid': {
    severity: 'warning',
    summary: 'The certificate to seal with is not there, or is none.',
  },
  'image-not-tried': {
    severity: 'warning',
    summary:
      'These manifests were not run with the image of this tag, and its generation is not known. Said by check alone.',
  },
  'secrets-file-tracked': { severity: 'warning', summary: 'Git tracks secrets.env.' },
  'gitops-placeholder': {
    severity: 'warning',
    summary: 'argocd.yaml or flux.yaml of an environment names the repository of the example.',
  },
  'certificate-expired': {
    severity: 'depends',
    summary: 'The certificate to seal with has expired: an error for seal, a warning for check.',
  },
  'certificate-expiring': { severity: 'warning', summary: 'The certificate to seal with expires soon.' },
} as const satisfies Record<string, RuleFacts>;

/** What `preflight` finds in the cluster. */
export const clusterRules = {
  'cluster-object-missing': {
    severity: 'depends',
    summary: 'A Secret or ConfigMap that pods read is not in the cluster: an error unless a controller makes it.',
  },
  'cluster-key-missing': { severity: 'error', summary: 'A Secret or ConfigMap lacks a key that pods read.' },
  'cluster-key-spelling': {
    severity: 'warning',
    summary: 'An existing Secret has a variable under another spelling than the manifests read.',
  },
  'cluster-kind-unknown': {
    severity: 'error',
    summary: 'The manifests hold a kind of object that the cluster does not know: what brings it is not installed.',
  },
} as const satisfies Record<string, RuleFacts>;

/** What is found in the finished objects: what patches make of them, and what the user's own objects do among them. */
export const objectRules = {
  'patch-target': { severity: 'error', summary: 'The target of a patch fits no object.' },
  'patch-failed': { severity: 'error', summary: 'An operation of a patch cannot be done on an object that it is for.' },
  'patch-breaks-promise': {
    severity: 'error',
    summary:
      'A patch takes away what the manifests promise: a selector, the hardening, the gate, a switch of migrations.',
  },
  'object-refused': {
    severity: 'error',
    summary: 'Kubernetes would refuse an object: two containers of a name, a mount without its volume.',
  },
  'extra-taken': { severity: 'error', summary: 'An object in extra/ is one that the manifests have already.' },
} as const satisfies Record<string, RuleFacts>;

type ReadingRules = typeof fileRules & typeof objectRules & typeof clusterRules;
type ReadingRule = keyof ReadingRules;
type Depending = { [Id in ReadingRule]: ReadingRules[Id]['severity'] extends 'depends' ? Id : never }[ReadingRule];

/** A finding of one of these rules, or the part of it that is known so far. The table has its severity. */
export function found<About extends Partial<Finding>>(
  rule: Exclude<ReadingRule, Depending>,
  about: About,
): About & Pick<Finding, 'rule' | 'severity'>;
export function found<About extends Partial<Finding>>(
  rule: Depending,
  about: About,
  severity: Severity,
): About & Pick<Finding, 'rule' | 'severity'>;
export function found(rule: ReadingRule, about: Partial<Finding>, severity?: Severity): Partial<Finding> {
  const { severity: usual } = { ...fileRules, ...objectRules, ...clusterRules }[rule];
  return { rule, severity: severity ?? (usual as Severity), ...about };
}
