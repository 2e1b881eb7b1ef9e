export interface NextStepsProps {
  readonly name: string;
  readonly namespace: string;
  /** Address of the administrator. @default - there is none */
  readonly email: string | undefined;
}

/** What to type after the quickstart, in order. */
export function nextSteps({ name, namespace, email }: NextStepsProps): string {
  const kubectl = `kubectl -n ${namespace}`;
  const password = 'go-template=\'{{.data.STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD | base64decode}}{{"\\n"}}\'';
  return `
For evaluation only: one pod of everything, no TLS, no backups; what is in it goes with its volumes.

Put it into the cluster that kubectl points at, and wait. It asks for less than 2 CPUs and 4 GiB of memory.

  kubectl apply --server-side --force-conflicts -f dist/${name}
  ${kubectl} wait --for=condition=Available --timeout=20m deployment/hexclave-server

Lead the two ports of the server to this machine, and leave that running:

  ${kubectl} port-forward deployment/hexclave-server 8101 8102

Open http://localhost:8101 and sign in as ${email ?? 'the administrator'}. This prints the password:

  ${kubectl} get secret hexclave-secrets -o ${password}

More ports, each in a terminal of its own, when you want to see what is behind them:

  ${kubectl} port-forward statefulset/hexclave-mailpit 8025     # http://localhost:8025, e-mail that was sent
  ${kubectl} port-forward statefulset/hexclave-svix 8071        # for the dashboard's Webhooks page
  ${kubectl} port-forward statefulset/hexclave-seaweedfs 8333   # for images in the dashboard

E-mail is rendered in the cluster, and no content of it leaves. The first one makes the server download a program of 13 MB
from unpkg.com; where nodes reach no internet: docs/how-to/closed-network.md
`;
}
