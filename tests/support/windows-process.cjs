// Runs the bundled command with the path rules of Windows: everything in it computes paths by path.win32. The file system below is
// this machine's, which takes `/` alone, so a path that is opened or shown with `\` is found out.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join, win32 } = require('node:path');
const { Script } = require('node:vm');

const filename = join(dirname(dirname(__dirname)), 'build', 'cdk8s-hexclave.cjs');
const beside = createRequire(filename);
const require_ = (id) => (/^(node:)?path$/.test(id) ? win32 : beside(id));
const module_ = { exports: {} };
const script = new Script(readFileSync(filename, 'latin1'), { filename });
script.runInThisContext()(module_.exports, require_, module_, filename, dirname(filename));
module_.exports.run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
