import { Freestyle } from 'freestyle';
import { Freestyle as FreestyleSandboxes } from 'freestyle-sandboxes';

/** Where the renderer is, and its key. */
export interface Access {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** Runs a module as servers of generations A and B do. */
export async function runScript(access: Access, code: string, nodeModules: Record<string, string>): Promise<unknown> {
  return (await new FreestyleSandboxes(access).serverless.runs.create({ code, nodeModules })).result;
}

/** Runs a module as a job of generation C does: a machine, its files, a terminal that runs them, the result. */
export async function runJob(access: Access, code: string, dependencies: Record<string, string>): Promise<unknown> {
  const { vm } = await new Freestyle(access).vms.create({ firewall: { rules: [] } });
  try {
    const folder = `/opt/hexclave-runtime/work/${crypto.randomUUID()}`;
    await vm.fs.mkdir(folder);
    await vm.fs.writeTextFile(`${folder}/code.mjs`, code);
    await vm.fs.writeTextFile(`${folder}/runner.mjs`, 'import "./code.mjs";');
    await vm.fs.writeTextFile(`${folder}/package.json`, JSON.stringify({ type: 'module', dependencies }));
    let output = '';
    const exitCode = await new Promise<number>((resolve, reject) => {
      vm.pty
        .open({
          exec: `/usr/local/bin/hexclave-run-job ${folder}`,
          onData: (data) => {
            output += Buffer.from(data).toString('utf8');
          },
          onExit: resolve,
          onError: reject,
        })
        .catch(reject);
    });
    if (exitCode !== 0) throw new Error(output);
    return JSON.parse(await vm.fs.readTextFile(`${folder}/result.json`));
  } finally {
    await vm.delete();
  }
}
