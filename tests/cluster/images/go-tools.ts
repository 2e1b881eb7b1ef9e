import { goTool } from '../../support/go-tool';

/** Prints the paths of the servers that are built from Go modules: Mailpit, SeaweedFS, then restic. */
console.log(await goTool('mailpit'));
console.log(await goTool('seaweedfs'));
console.log(await goTool('restic'));
