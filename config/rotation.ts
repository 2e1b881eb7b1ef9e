import { type Rotation, rotationOf } from './contract/rotation';
import type { Draft } from './draft';
import { namespaceOf } from './secrets/names';
import { POSTGRES } from './stores/postgres';

/** What a new value of a variable breaks in this environment, and what to do beside rolling it out. */
export function rotationIn(draft: Draft, variable: string): Rotation {
  const ofStore = draft.provisions.some(({ secrets }) => secrets.includes(variable));
  return (ofStore && ofStores[variable]?.(draft)) || rotationOf(variable);
}

/** The value of a store in the namespace: nobody issues it, and most stores take a new one over when they start. */
const ofStores: Readonly<Record<string, (draft: Draft) => Rotation>> = {
  POSTGRES_PASSWORD: (draft) => ({
    breaks:
      'PostgreSQL took its password over when its volume was empty, and reads the Secret never again: somebody has to change it there. From that moment connections that are open stay so, old pods cannot open new ones, and requests fail until the rollout is complete.',
    before: [
      ...(valuesInFile(draft)
        ? [`Have the new value at hand: grep ^POSTGRES_PASSWORD= environments/${draft.name}/secrets.env`]
        : ['Choose the new value.']),
      `PostgreSQL asks for it twice: ${kubectl(draft)} exec -it ${POSTGRES.name}-0 -- psql --username=${POSTGRES.user} --dbname=${POSTGRES.database} --command='\\password'`,
      ...(valuesInFile(draft)
        ? []
        : [
            `STACK_DATABASE_CONNECTION_STRING, which is kept beside it, has to change with it: postgresql://${POSTGRES.user}:<percent-encoded value>@${POSTGRES.name}:${POSTGRES.port}/${POSTGRES.database}`,
          ]),
    ],
  }),
  STACK_CLICKHOUSE_ADMIN_PASSWORD: (draft) => ({
    breaks:
      'ClickHouse takes its password over when it starts: it and the server start anew, and until both have, events are lost; signing in goes on.',
    // The operator's pod carries no digest of the Secret: nothing starts it anew.
    after:
      draft.settings.stores.clickhouse.mode === 'altinity'
        ? [
            `At once, for the migration Job waits for it: ${kubectl(draft)} delete pod -l app.kubernetes.io/component=clickhouse`,
          ]
        : [],
  }),
  STACK_EMAIL_PASSWORD: () => ({
    breaks:
      'Mailpit starts anew, and the e-mail that it holds is gone with its old pod. Until the rollout is complete, old pods of the server cannot hand e-mail over.',
  }),
  STACK_S3_ACCESS_KEY_ID: () => s3Key,
  STACK_S3_SECRET_ACCESS_KEY: () => s3Key,
  SVIX_JWT_SECRET: (draft) => ({
    breaks: `STACK_SVIX_API_KEY is made from it, so the server gets another key, and ${svixRestart}`,
    before: valuesInFile(draft)
      ? []
      : [
          'STACK_SVIX_API_KEY, which is kept beside it, has to be made from the new value and change with it; docs/how-to/storage-mail-webhooks.md says how.',
        ],
  }),
  SVIX_DATABASE_PASSWORD: () => ({
    breaks: `The role of Svix gets the new password when Svix starts, and ${svixRestart}`,
  }),
};

const s3Key: Rotation = {
  breaks:
    'SeaweedFS takes the key over when it starts: until it and the server have started anew, images and session replays can be neither stored nor fetched by the server. Files stay as they are.',
};

const svixRestart =
  'Svix starts anew: what waits to be sent again is lost, and webhooks fail until the rollout is complete.';

/** Otherwise they are in a Secret or a store that only its owner can change. */
function valuesInFile({ settings }: Draft): boolean {
  return settings.secrets.mode !== 'existing' && settings.secrets.mode !== 'external-secrets';
}

function kubectl({ name, settings }: Draft): string {
  return `kubectl -n ${namespaceOf(name, settings)}`;
}
