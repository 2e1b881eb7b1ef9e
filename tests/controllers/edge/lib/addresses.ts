/** What the processes of the suite have to know of each other. They listen on the bed's node. */
export const PEBBLE = '10.244.0.1:14000';
export const PEBBLE_MANAGEMENT = '127.0.0.1:15000';
export const DNS = '10.244.0.1:8053';
export const DNS_MANAGEMENT = '127.0.0.1:8055';
/** Of Traefik's Service and namespace, as in traefik.yaml. */
export const TRAEFIK_ADDRESS = '10.96.1.80';
export const TRAEFIK_NAMESPACE = 'traefik';
