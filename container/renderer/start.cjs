// Puts the program together from the ConfigMaps' parts, in a folder of the pod's own, and starts it.
'use strict';
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { gunzipSync } = require('node:zlib');

const [parts, folder] = process.argv.slice(2);
const { count, sha256 } = JSON.parse(readFileSync(join(parts, 'program.json'), 'utf8'));
const archive = Buffer.concat(Array.from({ length: count }, (_, index) => readFileSync(join(parts, `part-${index}`))));
if (createHash('sha256').update(archive).digest('hex') !== sha256) {
  // While an apply is under way a pod can see old and new parts side by side; it starts again in a moment.
  console.error('renderer: the parts of the program do not belong together');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(JSON.parse(gunzipSync(archive).toString('utf8')))) {
  writeFileSync(join(folder, name), text);
}
require(join(folder, 'server.cjs'));
