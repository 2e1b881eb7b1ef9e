import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A kubectl first in PATH that writes down in the file `asked` what it is asked, says that Jobs have ended like this, and
 * fails at what has this in it.
 */
export function kubectlIn(folder: string, ended: string, failing = 'nothing'): Record<string, string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/asked\ncase "$*" in *"get job"*) echo ${ended} ;; *${failing}*) exit 7 ;; esac\n`;
  writeFileSync(join(bin, 'kubectl'), script);
  chmodSync(join(bin, 'kubectl'), 0o755);
  return { PATH: `${bin}:${process.env.PATH}` };
}
