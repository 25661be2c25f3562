// A way to a server that a test can cut, freeze or hold up: a TCP proxy of one port. Frozen, connections stay open and what
// is sent is lost, as when the network between two machines is gone; held up, it arrives later.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect as tcp } from 'node:net';

export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: 'open' | 'cut' | 'frozen' | 'held up' = 'open';

  private constructor(port: number) {
    this.#server = createServer({ pauseOnConnect: true }, (near) => {
      if (this.#state === 'cut') {
        near.destroy();
        return;
      }
      const far = tcp(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => {});
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.on('data', (data) => {
          if (this.#state !== 'frozen') to.write(data);
        });
      }
      if (this.#state !== 'held up') near.resume();
    });
  }

  static async to(port: number): Promise<Gate> {
    const gate = new Gate(port);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address of the API server that leads through this gate. */
  get server(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Ends all connections and takes no new one. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What is sent from now on arrives nowhere, on connections old and new. */
  freeze(): void {
    this.#state = 'frozen';
  }

  /** What is sent from now on arrives once the gate is open. */
  holdUp(): void {
    this.#state = 'held up';
    for (const socket of this.#sockets) socket.pause();
  }

  /** New connections lead through again. Frozen ones have lost what was sent, so they end. */
  open(): void {
    this.#state = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
