import { createConnection, type Socket } from 'node:net';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A reference to an element of the page, as WebDriver hands it out and takes it back. */
export type Element = Readonly<Record<typeof ELEMENT, string>>;

/** WebDriver over Firefox's own port: packets of `<length>:<json>`, each command answered by its number. */
export interface Marionette {
  /** Rejects where no answer comes within so many milliseconds: of a window that is just closing there may be none. */
  command<T>(name: string, parameters?: Readonly<Record<string, unknown>>, within?: number): Promise<T>;
  /** Runs a script's body in the page that is shown; it returns JSON, elements included. */
  run<T>(body: string, ...args: readonly unknown[]): Promise<T>;
  /** A click as the user's own hand makes it. */
  click(element: Element): Promise<void>;
  type(element: Element, text: string): Promise<void>;
  close(): void;
}

export async function connect(port: number): Promise<Marionette> {
  const socket = await opened(port);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>();
  let greeted: () => void = () => undefined;
  const greeting = new Promise<void>((resolve) => {
    greeted = resolve;
  });

  packets(socket, (packet) => {
    if (!Array.isArray(packet)) return greeted();
    const [, id, failure, value] = packet;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (failure) asked?.reject(new Error(`${failure.error}: ${failure.message}`));
    else asked?.resolve(value && typeof value === 'object' && 'value' in value ? value.value : value);
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has gone'));
  });
  await greeting;

  let sent = 0;
  const command = <T>(name: string, parameters: Readonly<Record<string, unknown>> = {}, within = 60_000): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++sent;
      setTimeout(() => waiting.delete(id) && reject(new Error(`${name}: no answer`)), within).unref();
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      const packet = JSON.stringify([0, id, name, parameters]);
      socket.write(`${Buffer.byteLength(packet)}:${packet}`);
    });

  return {
    command,
    run: (script, ...args) => command('WebDriver:ExecuteScript', { script, args }),
    click: ({ [ELEMENT]: id }) => command('WebDriver:ElementClick', { id }),
    type: ({ [ELEMENT]: id }, text) => command('WebDriver:ElementSendKeys', { id, text }),
    close: () => socket.destroy(),
  };
}

async function opened(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

function packets(socket: Socket, take: (packet: unknown) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const colon = rest.indexOf(':');
      const end = colon + 1 + Number(rest.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || rest.length < end) return;
      take(JSON.parse(rest.subarray(colon + 1, end).toString()));
      rest = rest.subarray(end);
    }
  });
}
