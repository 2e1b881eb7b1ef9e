// Runs the command again and again in one process, as warm-command.ts tells it: the launcher is loaded anew each time, and with
// it the whole bundle, so that no run sees what another has left in memory.
const fs = require('node:fs');

const launcher = require.resolve('../../cli/cdk8s-hexclave.cjs');
const written = { 1: [], 2: [] };

const { writeSync } = fs;
fs.writeSync = (file, data, ...rest) => {
  if (file !== 1 && file !== 2) return writeSync(file, data, ...rest);
  written[file].push(Buffer.from(data));
  return Buffer.byteLength(data);
};
process.stdout.write = (data) => fs.writeSync(1, data) > 0;
process.stderr.write = (data) => fs.writeSync(2, data) > 0;
require('node:module').syncBuiltinESMExports();

process.on('disconnect', () => process.exit());
process.on('message', async ({ folder, args, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  process.argv = [process.argv[0], launcher, ...args];
  process.exitCode = undefined;
  delete require.cache[launcher];
  try {
    await require(launcher);
  } catch (error) {
    process.exitCode = 1;
    written[2].push(Buffer.from(String(error?.stack ?? error)));
  }
  const [stdout, stderr] = [1, 2].map((file) => Buffer.concat(written[file].splice(0)).toString());
  process.send({ code: process.exitCode, stdout, stderr });
});
