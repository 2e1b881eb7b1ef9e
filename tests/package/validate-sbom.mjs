// Prints what is wrong with a list of components by CycloneDX's own schema; nothing when all is right.
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const text = readFileSync(process.argv[2], 'utf8');
const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
if (problem) console.log(JSON.stringify(problem));
