import type { Check } from '../check';

export const reachChecks: readonly Check[] = [
  {
    id: 'not-reached-from-the-pod',
    weight: 'problem',
    means:
      'With --probe: a server pod gets no connection to a service that its variables name, because of a policy, a name or a firewall.',
    fix: 'ENOTFOUND: mend the name. No answer: let it through with network.egress, or in the firewall. ECONNREFUSED: nothing listens there.',
    page: 'docs/explanation/network.md',
    test: ['tests/cluster/doctor.test.ts', 'not-reached-from-the-pod'],
    *look({ probes, env }) {
      for (const { what, host, port, reached, code = '' } of probes) {
        if (reached) continue;
        yield {
          object: `${host}:${port}`,
          message: `A server pod does not reach it (${what}): ${code}.`,
          fix: /ENOTFOUND|EAI_AGAIN/.test(code)
            ? `No such name in the cluster: mend ${what}.`
            : code === 'ECONNREFUSED'
              ? 'Nothing listens there: see that it runs, and the port.'
              : `See network.egress in environment.yaml; npx cdk8s-hexclave graph ${env.name} shows which connections the policies allow.`,
        };
      }
    },
  },
];
