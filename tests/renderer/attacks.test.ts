import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { SECRET, TestRenderer } from './lib';

/** Each attack runs in the renderer's own process; what it must not get is there to be had. */
let renderer: TestRenderer;
let listener: Server;
let connections = 0;
const folder = mkdtempSync(join(tmpdir(), 'renderer-victim-'));
const victim = join(folder, 'secret');

beforeAll(async () => {
  writeFileSync(victim, SECRET);
  listener = createServer(() => {
    connections += 1;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
  renderer = await TestRenderer.start();
});

afterAll(async () => {
  listener.close();
  await renderer.remove();
});

/** Ways to a module of Node: those that exist, and those that have existed. */
const WAYS: Record<string, string> = {
  'an import': 'await import(NAME)',
  'an import in evaluated text': '(await (0, eval)("import(" + JSON.stringify(NAME) + ")"))',
  'an import in a new function': '(await new Function("name", "return import(name)")(NAME))',
  'an import in a new asynchronous function':
    '(await Object.getPrototypeOf(async () => {}).constructor("name", "return import(name)")(NAME))',
  'an import in a generator':
    '(await Object.getPrototypeOf(function* () {}).constructor("n", "return import(n)")(NAME).next().value)',
  'process.getBuiltinModule': 'process.getBuiltinModule(NAME)',
  'process.binding': 'process.binding(NAME)',
  'process.mainModule': 'process.mainModule.require(NAME)',
  require: 'require(NAME)',
  'module.constructor': 'module.constructor._load(NAME)',
  'the constructor of a package’s function':
    'React.createElement.constructor("n", "return process.getBuiltinModule(n)")(NAME)',
  'the constructor of a timer': 'setTimeout.constructor("n", "return process.getBuiltinModule(n) ")(NAME)',
  'the class of a timeout': 'setTimeout(() => {}, 1).constructor.constructor("n", "return process.binding(n)")(NAME)',
  'the frames of the stack': `(() => {
    const all = [];
    Error.prepareStackTrace = (_, frames) => frames;
    for (const frame of new Error().stack) all.push(frame.getThis(), frame.getFunction());
    for (const item of all.filter(Boolean)) {
      const found = item.process ?? item.require ?? item.constructor?.("return this")()?.process;
      if (found?.getBuiltinModule) return found.getBuiltinModule(NAME);
      if (typeof found === "function") return found(NAME);
    }
    throw new Error("nothing in the frames");
  })()`,
  'a data URL':
    'await import("data:text/javascript," + encodeURIComponent("import * as m from " + JSON.stringify(NAME) + "; export default m"))',
  'the iterator of Node’s own event': `(() => {
    const symbols = Object.getOwnPropertySymbols(new EventTarget());
    for (const symbol of symbols) {
      const found = new EventTarget()[symbol]?.constructor?.constructor?.("return globalThis.process")();
      if (found?.getBuiltinModule) return found.getBuiltinModule(NAME);
    }
    throw new Error("nothing in the event");
  })()`,
};

/** Tries every target by one way, in one script; a target that is reached is in the result. */
const attempts = (way: string, targets: Record<string, [name: string, use: string]>) => `
  import React from 'react';
  export default async () => {
    const got = {}, refused = {};
    ${Object.entries(targets)
      .map(
        ([target, [name, use]]) => `
    try {
      const NAME = ${JSON.stringify(name)};
      const module = ${way};
      const it = module.default ?? module;
      got[${JSON.stringify(target)}] = String(${use});
    } catch (error) {
      refused[${JSON.stringify(target)}] = String(error);
    }`,
      )
      .join('')}
    return { got, refused };
  };`;

const TARGETS: Record<string, [name: string, use: string]> = {
  'a file': ['node:fs', `it.readFileSync(${JSON.stringify(victim)}, "utf8")`],
  'the environment of the parent': [
    'node:fs',
    'it.readFileSync("/proc/" + it.readFileSync("/proc/self/stat", "utf8").split(" ")[3] + "/environ", "utf8")',
  ],
  'a token of a ServiceAccount': [
    'node:fs',
    'it.readFileSync("/var/run/secrets/kubernetes.io/serviceaccount/token", "utf8")',
  ],
  'a process': ['node:child_process', 'it.execFileSync("id").toString()'],
  'a thread': ['node:worker_threads', 'new it.Worker("1", { eval: true }).threadId'],
  'the inspector': ['node:inspector', 'it.open(0) ?? it.url()'],
  'the system interface of WebAssembly': ['node:wasi', 'new it.WASI({ version: "preview1", preopens: { "/": "/" } })'],
  'the virtual machine': ['node:vm', 'it.runInThisContext("1")'],
  'the loader of modules': ['node:module', 'it.createRequire("/")("node:fs").readFileSync("/etc/passwd")'],
};

describe('a script', () => {
  it.each(Object.entries(WAYS))('gets at nothing outside by %s', async (_, way) => {
    const { port } = listener.address() as { port: number };
    const network: Record<string, [string, string]> = {
      'a connection': [
        'node:net',
        `await new Promise((done, failed) => it.connect(${port}, "127.0.0.1", () => done("connected")).on("error", failed))`,
      ],
      'a request': [
        'node:http',
        `await new Promise((done, failed) => it.get("http://127.0.0.1:${port}", done).on("error", failed))`,
      ],
      'a datagram': [
        'node:dgram',
        `await new Promise((done) => it.createSocket("udp4").send("x", ${port}, "127.0.0.1", done))`,
      ],
      'an address': ['node:dns', 'await it.promises.lookup("localhost")'],
    };
    const targets = { ...TARGETS, ...network };
    const { status, body } = await renderer.run(attempts(way, targets));
    expect({ status, got: body.result?.got }, JSON.stringify(body)).toEqual({ status: 200, got: {} });
    expect(Object.keys(body.result.refused)).toEqual(Object.keys(targets));
    expect(JSON.stringify(body)).not.toContain(SECRET);
    expect(connections).toBe(0);
  });

  it.each([
    ['fetch', (port: number) => `await fetch("http://127.0.0.1:${port}")`],
    ['WebSocket', (port: number) => `new WebSocket("ws://127.0.0.1:${port}")`],
    ['EventSource', (port: number) => `new EventSource("http://127.0.0.1:${port}")`],
    ['WebAssembly', () => 'new WebAssembly.Memory({ initial: 1 })'],
    ['process.kill', () => 'process.kill(1, 0)'],
    ['process.dlopen', () => 'process.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6")'],
    ['process.binding', () => 'process.binding("fs")'],
    ['process.env of the renderer', () => 'process.env.SECRET_OF_THE_PARENT.length'],
    ['the arguments of the process', () => 'process.argv.length'],
  ])('has no %s', async (_, use) => {
    const { port } = listener.address() as { port: number };
    const { status, body } = await renderer.run(`export default async () => ({ got: String(${use(port)}) })`);
    expect(status, JSON.stringify(body)).toBe(500);
    expect(connections).toBe(0);
  });

  it('does not find the process of Node, wherever it looks from what it has', async () => {
    const { body } = await renderer.run(`
      import React from 'react';
      import * as components from '@react-email/components';
      import * as arktype from 'arktype';
      export default async () => {
        const seen = new Set(), found = [];
        const queue = [globalThis, React, components, arktype, setTimeout(() => {}, 1), new AbortController(), new URL('a:b'), new EventTarget()];
        while (queue.length > 0 && seen.size < 200000) {
          const item = queue.pop();
          if ((typeof item !== 'object' && typeof item !== 'function') || item === null || seen.has(item)) continue;
          seen.add(item);
          for (const name of Reflect.ownKeys(item)) {
            let value;
            try { value = item[name]; } catch { continue; }
            if (typeof value === 'function' && /^(getBuiltinModule|dlopen|binding|reallyExit|_linkedBinding|internalBinding|kill)$/.test(String(name))) found.push(String(name));
            try { if (name === 'require' && value('node:fs').readFileSync) found.push('require'); } catch {}
            queue.push(value);
          }
          queue.push(Object.getPrototypeOf(item));
        }
        return { seen: seen.size, found };
      }`);
    expect(body.result?.found, JSON.stringify(body)).toEqual([]);
    expect(body.result.seen).toBeGreaterThan(1000);
  });

  it('leaves nothing behind for the next one', async () => {
    const pollute = `export default async () => {
      Object.prototype.polluted = 'yes'; Array.prototype.push = () => 'no'; globalThis.left = 1; JSON.stringify = () => '{}';
      Promise.prototype.then = function () {}; 
      return 1;
    }`;
    await Promise.race([renderer.run(pollute), new Promise((resolve) => setTimeout(resolve, 2000))]);
    const look = `export default async () => ({ polluted: {}.polluted, left: globalThis.left, json: JSON.stringify([1]) })`;
    for (let time = 0; time < 4; time++) expect((await renderer.run(look)).body.result).toEqual({ json: '[1]' });
  });

  it('cannot forge more than its own result', async () => {
    const { status, body } = await renderer.run(
      `export default async () => JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}')`,
    );
    expect(status).toBe(200);
    expect(Object.hasOwn(body.result, '__proto__')).toBe(true);
    await expect.poll(() => renderer.status('/ready'), { timeout: 20_000 }).toBe(200);
  });
});

describe('a script that takes too much', () => {
  it.each([
    [
      'strings of 10 GB',
      '{ const all = []; for (let i = 0; ; i++) all.push("x".repeat(1 << 20) + i, Array.from("y".repeat(1 << 16))); }',
    ],
    ['buffers of 10 GB', '{ const all = []; for (;;) all.push(Buffer.alloc(64 << 20, 1)); }'],
    ['objects without an end', '{ let chain; for (;;) chain = { chain, more: [1, 2, 3] }; }'],
    ['a recursion without an end', '{ const f = () => f() + 1; f(); }'],
  ])('is ended: %s', async (_, body) => {
    const started = Date.now();
    const { status } = await renderer.run(`export default async () => { ${body} }`);
    expect(status).toBe(500);
    expect(Date.now() - started).toBeLessThan(45_000);
    expect(renderer.alive).toBe(true);
  });

  it('is ended when its result has 1 GB', async () => {
    const { status, body } = await renderer.run(
      'export default async () => Array.from({ length: 8 }, () => "x".repeat(6 << 20))',
    );
    expect(status).toBe(500);
    expect(body.message).toMatch(/more than 32 MiB|memory|without a result/);
  });

  it.each([
    ['a loop without an end', 'for (;;);'],
    ['a promise that never settles while timers run', 'setInterval(() => {}, 1000); await new Promise(() => {});'],
    ['microtasks without an end', 'const again = () => Promise.resolve().then(again); await again();'],
    ['a regular expression without an end', '/^(a+)+$/.test("a".repeat(60) + "b");'],
  ])(
    'is ended at the limit of time, and others are served meanwhile: %s',
    async (_, body) => {
      const started = Date.now();
      const looping = renderer.run(`export default async () => { ${body} }`);
      const other = await renderer.run('export default async () => 1');
      expect(other.body.result).toBe(1);
      const { status, body: answer } = await looping;
      expect(status).toBe(500);
      expect(answer.message).toMatch(/did not end within 30 seconds|more memory/);
      expect(Date.now() - started).toBeLessThan(45_000);
    },
    100_000,
  );

  it('ends without a result when nothing is left to wait for', async () => {
    const { status, body } = await renderer.run('export default () => new Promise(() => {})');
    expect({ status, message: body.message }).toEqual({
      status: 500,
      message: 'The script’s process ended without a result.',
    });
  });

  it('leaves no process behind', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(renderer.children().length).toBeLessThanOrEqual(2);
    expect(readdirSync(folder)).toEqual(['secret']);
  });
});

/** Sends chunks as fast as they are taken until the other side hangs up, and tells how many bytes that were. */
function endless(start: string): Promise<{ answer: string; bytes: number; ms: number }> {
  const { hostname, port } = new URL(renderer.url);
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(1 << 16, 'x'), Buffer.from('\r\n')]);
  return new Promise((resolve) => {
    const started = Date.now();
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(start);
      send();
    });
    const send = () => {
      while (socket.writable && socket.bytesWritten < 1 << 30) if (!socket.write(chunk)) return;
      socket.destroy();
    };
    socket.on('drain', send);
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ answer, bytes: socket.bytesWritten, ms: Date.now() - started }));
    setTimeout(() => socket.destroy(), 20_000).unref();
  });
}

describe('a caller', () => {
  it.each([
    ['no key', {}],
    ['another key', { authorization: 'Bearer wrong' }],
    ['a key that begins with the right one', { authorization: 'PREFIX' }],
    ['the key without its scheme', { authorization: 'BARE' }],
  ])('with %s is refused everywhere, before its body is read', async (_, headers: Record<string, string>) => {
    const value = { PREFIX: `Bearer ${renderer.key}x`, BARE: renderer.key }[headers.authorization ?? ''];
    for (const [method, path] of [
      ['POST', '/execute/v3/script'],
      ['POST', '/v5/vms'],
      ['GET', '/unknown'],
    ] as const) {
      const response = await fetch(renderer.url + path, {
        method,
        headers: value ? { authorization: value } : headers,
        body: method === 'POST' ? 'x'.repeat(1000) : undefined,
      });
      expect(response.status).toBe(401);
      expect(((await response.json()) as { code: string }).code).toBe('UNAUTHORIZED');
    }
  });

  it('with a body that is too long is refused, whatever length it names', async () => {
    const long = await renderer.post('/execute/v3/script', 'x'.repeat(17 << 20)).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(long);
    expect(renderer.alive).toBe(true);
  });

  it.each([
    ['a script', 'POST /execute/v3/script', true, 413],
    ['a file', 'PUT /v5/vms/ID/fs/write?path=/a', true, 413],
    ['a file of a machine that is not there', `PUT /v5/vms/${'0'.repeat(36)}/fs/write?path=/a`, true, 404],
    ['a body where none belongs', 'GET /v5/vms/ID', true, 200],
    ['a body of a call that is answered at once', 'DELETE /v5/vms/ID/fs/remove?path=/a', true, 204],
    ['a call that is not known', 'POST /unknown', true, 501],
    ['a script without the key', 'POST /execute/v3/script', false, 401],
    ['a probe', 'GET /ready', false, 200],
    ['a probe by another method', 'POST /live', false, 200],
    ['an upgrade without the key', 'GET /v5/vms/ID/pty\r\nconnection: upgrade\r\nupgrade: websocket', false, 401],
    ['an upgrade to something else', 'GET /unknown\r\nconnection: upgrade\r\nupgrade: websocket', true, 501],
  ])(
    'that sends without an end is cut off with the answer, and none of it is kept: %s',
    async (_, call, knows, status) => {
      const { id } = (await (await renderer.post('/v5/vms', {})).json()) as { id: string };
      const [line, ...more] = call.replace('ID', id).split('\r\n');
      const key = knows ? [`authorization: Bearer ${renderer.key}`] : [];
      const headers = [`${line} HTTP/1.1`, 'host: x', 'transfer-encoding: chunked', ...more, ...key];
      const before = renderer.memory;
      const { answer, bytes, ms } = await endless(`${headers.join('\r\n')}\r\n\r\n`);
      // The kernel drops an answer that a client has not read when it goes on sending to a side that has hung up.
      if (answer !== '') expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*connection: close`, 'is'));
      expect(ms).toBeLessThan(5000);
      expect(bytes).toBeLessThan(64 << 20);
      expect(renderer.memory - before).toBeLessThan(128 << 20);
    },
  );

  it('that asks again on an idle connection is answered there, and is told to give it up long before the renderer does', async () => {
    const { hostname, port } = new URL(renderer.url);
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (data) => {
      heard += data;
    });
    const ask = 'GET /live HTTP/1.1\r\nhost: x\r\n\r\n';
    socket.write(ask);
    await expect.poll(() => heard).toMatch(/^HTTP\/1.1 200 .*keep-alive: timeout=25\r\n/is);
    // Node's own idle time, and the time between two looks at its connections, are behind it then.
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    heard = '';
    socket.write(ask);
    await expect.poll(() => heard).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  }, 30_000);

  it('that sends its headers or its body by the byte is cut off', async () => {
    const { hostname, port } = new URL(renderer.url);
    const slow = (start: string) =>
      new Promise<number>((resolve) => {
        const started = Date.now();
        const socket = connect(Number(port), hostname, () => socket.write(start));
        const timer = setInterval(() => socket.write('x'), 500);
        socket.on('error', () => {});
        socket.on('data', () => {});
        socket.on('close', () => {
          clearInterval(timer);
          resolve(Date.now() - started);
        });
      });
    const [headers, body] = await Promise.all([
      slow('POST /execute/v3/script HTTP/1.1\r\nx: '),
      slow(
        `POST /execute/v3/script HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${renderer.key}\r\ncontent-length: 1000\r\n\r\n{`,
      ),
    ]);
    expect(headers).toBeLessThan(20_000);
    expect(body).toBeLessThan(45_000);
  }, 60_000);

  it('that goes away takes its render with it', async () => {
    const abort = new AbortController();
    const pending = fetch(`${renderer.url}/execute/v3/script`, {
      method: 'POST',
      signal: abort.signal,
      headers: { authorization: `Bearer ${renderer.key}` },
      body: JSON.stringify({ script: 'export default async () => { for (;;); }' }),
    }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    abort.abort();
    await pending;
    await expect.poll(() => renderer.log, { timeout: 10_000 }).toContain('stopped (cancelled)');
  });

  it.each([
    '/etc/passwd',
    '/../../etc/passwd',
    '/opt/../../../etc/passwd',
    '/proc/self/environ',
    '/opt/%2e%2e/etc/passwd',
    '//etc//passwd',
    'etc/passwd',
    '/a\0b',
  ])('reads no file of the pod as %s', async (path) => {
    const { id } = (await (await renderer.post('/v5/vms', {})).json()) as { id: string };
    const headers = { authorization: `Bearer ${renderer.key}` };
    const response = await fetch(`${renderer.url}/v5/vms/${id}/fs/read?path=${encodeURIComponent(path)}`, { headers });
    expect([400, 404]).toContain(response.status);
    expect(
      (await fetch(`${renderer.url}/v5/vms/${id}/fs/symlink`, { method: 'POST', headers, body: '{}' })).status,
    ).toBe(501);
    expect((await fetch(`${renderer.url}/v5/vms/${id}/../../../etc/passwd`, { headers })).status).toBe(501);
  });

  it('cannot fill the memory with machines or files', async () => {
    const created: number[] = [];
    for (let count = 0; count < 80; count++) created.push((await renderer.post('/v5/vms', {})).status);
    expect(created.at(-1)).toBe(503);
    expect(renderer.alive).toBe(true);
  });

  it('is cut off when it floods a session, or opens one without the key', async () => {
    await renderer.stop('SIGKILL');
    await renderer.launch();
    const { id } = (await (await renderer.post('/v5/vms', {})).json()) as { id: string };
    const address = `${renderer.url.replace('http', 'ws')}/v5/vms/${id}/pty?exec=${encodeURIComponent('/usr/local/bin/hexclave-run-job /x')}`;
    const refused = await new Promise((resolve) => new WebSocket(address).on('error', resolve));
    expect(String(refused)).toContain('401');
    await fetch(`${renderer.url}/v5/vms/${id}/fs/write?path=/x/code.mjs`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${renderer.key}` },
      body: 'export default async () => { for (;;); }',
    });
    const headers = { authorization: `Bearer ${renderer.key}` };
    const code = await new Promise((resolve) => {
      const socket = new WebSocket(address, { headers });
      socket.on('open', () => {
        for (let frame = 0; frame < 1000; frame++) socket.send('x');
      });
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    expect([1006, 1008]).toContain(code);
    const large = await new Promise((resolve) => {
      const socket = new WebSocket(address, { headers });
      socket.on('open', () => socket.send(Buffer.alloc(1 << 20)));
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    expect([1006, 1009]).toContain(large);
    expect(renderer.alive).toBe(true);
  });
});
