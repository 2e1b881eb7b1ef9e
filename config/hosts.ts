/** Names and addresses that mean the pod itself. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(hostname);
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
