import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { isExecutable } from '../../support/programs';
import type { Front } from './front';

/** A page of a browser that finds the two hosts at the proxy, and none outside. */
export interface Visit {
  readonly page: Page;
  /** Hosts other than the two that were asked for something, and how often. */
  readonly foreign: ReadonlyMap<string, number>;
  /** What the console and the network showed, without what comes of hosts outside that are not there. */
  readonly problems: readonly string[];
}

/** Debian's and others' names of it. Undefined: there is none in PATH. */
const program = inPath('chromium', 'chromium-browser', 'google-chrome');

/** Whether browser and proxy are there. In CI it is an error when one is not. */
export function canBrowse(): boolean {
  const missing = [...(program ? [] : ['chromium']), ...(inPath('nginx') ? [] : ['nginx-light'])];
  if (missing.length === 0) return true;
  const why = `no browser test without: apt-get install ${missing.join(' ')}`;
  if (process.env.CI === 'true') throw new Error(why);
  console.error(why);
  return false;
}

export function startBrowser(front: Front, hosts: readonly string[]): Promise<Browser> {
  const rules = hosts.map((host) => `MAP ${host}:443 127.0.0.1:${front.https}`);
  return chromium.launch({
    executablePath: program,
    args: [
      // The suite runs as root on the bed.
      '--no-sandbox',
      // Where /dev/shm is small, as in containers.
      '--disable-dev-shm-usage',
      `--host-resolver-rules=${rules.join(', ')}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${front.key}`,
    ],
  });
}

/** Opens a page and writes down what it asks for and complains of. */
export async function visit(browser: Browser, hosts: readonly string[]): Promise<Visit> {
  const page = await browser.newPage();
  page.setDefaultTimeout(200_000);
  const foreign = new Map<string, number>();
  const problems: string[] = [];
  const isOurs = (url: string) => !/^(https?|wss?):/.test(url) || hosts.includes(new URL(url).hostname);
  page.on('request', (request) => {
    if (isOurs(request.url())) return;
    const { hostname } = new URL(request.url());
    foreign.set(hostname, (foreign.get(hostname) ?? 0) + 1);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on('console', (message) => {
    // What could not be loaded is known from its answer, or is outside.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  return { page, foreign, problems };
}

function inPath(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}
