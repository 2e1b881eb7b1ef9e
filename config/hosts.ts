import { parseUrl } from './parse-url';

/** Names and addresses that mean the pod itself. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(7f[\da-f]{2}:[\da-f]{1,4}|0:0|127\.[\d.]+)\])\.?$/i.test(
    hostname,
  );
}

/** Names by which programs in a container reach the machine that Docker or Podman runs on. */
export function isContainerHost(hostname: string): boolean {
  return /^((host|gateway|vm|kubernetes)\.docker\.internal|docker\.for\.(mac|win)\..*|host\.containers\.internal|host\.lima\.internal|host-gateway|172\.17\.0\.1)\.?$/i.test(
    hostname,
  );
}

/** Names that multicast DNS answers for, which pods do not ask. */
export function isMulticast(hostname: string): boolean {
  return /\.local\.?$/i.test(hostname) && !/\.(svc|pod)\.[a-z0-9-]+\.local\.?$/i.test(hostname);
}

/** Names without a dot: a service of the same compose file, or a Service of the same namespace. */
export function isBareName(hostname: string): boolean {
  return /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/i.test(hostname) && !/^\d+$/.test(hostname);
}

/** A DNS name in any case, with or without the dot of the root, or an address without brackets. */
export function isHost(text: string): boolean {
  if (text.length > 253) return false;
  if (/^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i.test(text)) return parseUrl(`http://[${text}]`) !== undefined;
  if (/^[\d.]+$/.test(text)) return /^\d+(\.\d+){3}$/.test(text) && parseUrl(`http://${text}`) !== undefined;
  return /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\.?$/i.test(text);
}

/** Names and addresses that only exist inside a cluster or a private network. */
export function isInternal(hostname: string): boolean {
  return (
    !hostname.includes('.') ||
    isLoopback(hostname) ||
    /\.(svc|local|internal|lan|intranet|corp|test|home\.arpa)$|\.svc\./i.test(hostname) ||
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254)\.[\d.]+$/.test(hostname)
  );
}

export function isIpAddress(hostname: string): boolean {
  return /^\d+(\.\d+){3}$|^\[.*\]$/.test(hostname);
}

/** A host an Ingress rule may have: an RFC 1123 subdomain. */
export function isDnsName(hostname: string): boolean {
  const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
  return hostname.length <= 253 && hostname.split('.').every((part) => label.test(part));
}
