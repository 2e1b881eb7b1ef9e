// Prints the figures that a run has written, one JSON object a line on stdin, as a table or as JSON.
import { readFileSync } from 'node:fs';

const figures = readFileSync(0, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

if (process.argv[2] === 'json') console.log(JSON.stringify(figures, null, 2));
else {
  const width = Math.max(...figures.map(({ name }) => name.length), 0);
  let last;
  for (const { group, name, value, unit } of figures) {
    if (group !== last) console.log(`\n${group}`);
    last = group;
    console.log(`  ${name.padEnd(width)}  ${value}${unit ? ` ${unit}` : ''}`);
  }
}
