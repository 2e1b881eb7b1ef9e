import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, Refused, readBody, readJson } from './exchange';
import { filePath, type Machine, type Machines } from './machine';

type Call = (machine: Machine, request: IncomingMessage, url: URL, response: ServerResponse) => Promise<void> | void;

/** The calls of npm's `freestyle` that a job of generation C makes, by method and what follows the machine's id. */
const CALLS: Record<string, Call> = {
  'GET ': (machine, _request, _url, response) => answer(response, 200, record(machine)),
  'PUT /fs/write': async (machine, request, url, response) => {
    const path = filePath(url.searchParams.get('path'));
    const content = await readBody(request);
    const expected = url.searchParams.get('sha256');
    if (expected !== null && expected !== createHash('sha256').update(content).digest('hex')) {
      throw new Refused(400, 'CHECKSUM_MISMATCH', 'The content has another SHA-256 than the one given.');
    }
    machine.write(path, content);
    answer(response, 204);
  },
  'GET /fs/read': (machine, request, url, response) => {
    const content = machine.read(filePath(url.searchParams.get('path')));
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (!range) return answer(response, 200, content);
    answer(response, 206, content.subarray(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined));
  },
  'POST /fs/mkdir': async (machine, request, _url, response) => {
    machine.makeFolder(filePath((await readJson(request)).path));
    answer(response, 204);
  },
  'DELETE /fs/remove': (machine, _request, url, response) => {
    machine.remove(filePath(url.searchParams.get('path')));
    answer(response, 204);
  },
  'GET /fs/exists': (machine, _request, url, response) => {
    answer(response, 200, { exists: machine.exists(filePath(url.searchParams.get('path'))) });
  },
};

/** Whether the call is one of these, and answers it. `POST /v5/vms` makes a machine, `DELETE` takes it away. */
export async function callMachine(
  machines: Machines,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method === 'POST' && url.pathname === '/v5/vms') {
    await readJson(request);
    answer(response, 200, record(machines.create()));
    return true;
  }
  const { id, rest } = machinePath(url) ?? {};
  if (id === undefined) return false;
  if (request.method === 'DELETE' && rest === '') {
    machines.delete(machines.get(id).id);
    answer(response, 204);
    return true;
  }
  const name = `${request.method} ${rest}`;
  if (!Object.hasOwn(CALLS, name)) return false;
  await CALLS[name]!(machines.get(id), request, url, response);
  return true;
}

export function machinePath({ pathname }: URL): { id: string; rest: string } | undefined {
  const match = /^\/v5\/vms\/([0-9a-f-]{36})(|\/.*)$/.exec(pathname);
  return match ? { id: match[1]!, rest: match[2]! } : undefined;
}

function record({ id, createdAt }: Machine): object {
  return {
    id,
    state: 'running',
    resources: { cpu: 1, memory: 512, storage: 64 },
    metadata: {},
    vpcs: [],
    networks: [],
    firewallRules: [],
    tlsRules: [],
    createdAt,
    updatedAt: createdAt,
  };
}
