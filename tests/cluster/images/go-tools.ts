import { goTool } from '../../support/go-tool';

/** Prints the paths of the servers that are built from Go modules: Mailpit, then SeaweedFS. */
console.log(await goTool('mailpit'));
console.log(await goTool('seaweedfs'));
