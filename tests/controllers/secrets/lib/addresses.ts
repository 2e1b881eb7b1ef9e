/** Where the processes of the suite listen on the bed's node. */
export const SEALED_SECRETS = '127.0.0.1:8300';
export const SEALED_SECRETS_METRICS = '127.0.0.1:8301';
export const EXTERNAL_SECRETS_METRICS = '127.0.0.1:8303';
