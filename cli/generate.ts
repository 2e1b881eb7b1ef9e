import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { referenceFiles } from './reference';

// `npm run generate`: after a change to the schema, the contract or the rules. A test fails when this was forgotten.
for (const [file, text] of referenceFiles()) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
