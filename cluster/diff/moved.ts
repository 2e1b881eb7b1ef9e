import type { Document } from '../../charts/documents';
import { SERVER } from '../../charts/server';
import type { Draft } from '../../config/draft';
import { notesOfMove } from '../../config/moves';
import type { Changed } from './consequences';

/** What is known of the way from the server's image in the cluster to that of the files, where its tag is another. */
export function notesOnImage(all: readonly Changed[], draft: Draft): string[] {
  const server = all.find(({ wanted }) => wanted.kind === 'Deployment' && wanted.metadata.name === SERVER);
  const [from, to] = [server?.live, server?.wanted].map(tagOf);
  if (from === undefined || to === undefined || from === to) return [];
  return [`image.tag moves from ${from} to ${to}.`, ...notesOfMove(from, to, draft)];
}

function tagOf(deployment: Document | undefined): string | undefined {
  const containers: { name: string; image: string }[] = deployment?.spec?.template?.spec?.containers ?? [];
  const image = containers.find(({ name }) => name === 'server')?.image;
  return image && /:([\w.-]+)(?:@[^@]*)?$/.exec(image)?.[1];
}
