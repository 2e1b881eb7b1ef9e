// package.json of the package.
import { readFileSync } from 'node:fs';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

export function manifest() {
  const { name, version } = read('../package.json');
  const { description, license, engines, repository } = read('../../package.json');
  return {
    name,
    version,
    description,
    keywords: ['cdk8s', 'hexclave', 'kubernetes', 'stack-auth'],
    license,
    // What a provenance statement is checked against.
    ...(repository ? { repository } : {}),
    engines,
    bin: { [name]: `${name}.cjs` },
    type: 'commonjs',
    main: './build/index.cjs',
    types: './build/index.d.cts',
    exports: {
      '.': {
        import: { types: './build/index.d.mts', default: './build/index.mjs' },
        require: { types: './build/index.d.cts', default: './build/index.cjs' },
      },
      './environment.schema.json': './config/environment.schema.json',
      './package.json': './package.json',
    },
    // The oldest and the newest of each are what tests/package tries. Whoever uses the command alone needs neither.
    peerDependencies: { cdk8s: '^2.68.12', constructs: '^10.3.0' },
    peerDependenciesMeta: { cdk8s: { optional: true }, constructs: { optional: true } },
  };
}
