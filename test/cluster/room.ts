// A namespace of one's own, and what tests of the CRDs do in it by kubectl.
import type { Kubectl } from '../../scripts/cluster/index.ts';
import { makeNamespace } from './harness/index.ts';

export type Json = Record<string, unknown>;

export class Room {
  readonly #kubectl: Kubectl;
  readonly #namespace: string;

  private constructor(kubectl: Kubectl, namespace: string) {
    this.#kubectl = kubectl;
    this.#namespace = namespace;
  }

  static async make(kubectl: Kubectl): Promise<Room> {
    return new Room(kubectl, await makeNamespace(kubectl));
  }

  static in(kubectl: Kubectl, namespace = 'default'): Room {
    return new Room(kubectl, namespace);
  }

  run(args: readonly string[], input?: Json): Promise<string> {
    const manifest = input === undefined ? '' : JSON.stringify(input);
    return this.#kubectl(['-n', this.#namespace, ...args], manifest);
  }

  create(manifest: Json, ...flags: string[]): Promise<string> {
    return this.run(['create', '-f', '-', ...flags], manifest);
  }

  async read(object: string): Promise<{ spec: Json; status?: Json }> {
    return JSON.parse(await this.run(['get', object, '-o', 'json']));
  }

  /** Merges the fields into the object. */
  merge(object: string, fields: Json, ...flags: string[]): Promise<string> {
    return this.run(['patch', object, '--type=merge', '-p', JSON.stringify(fields), ...flags]);
  }

  setStatus(object: string, status: Json, ...flags: string[]): Promise<string> {
    return this.merge(object, { status }, '--subresource=status', ...flags);
  }
}

/** The manifest under another name. */
export const named = (name: string, manifest: Json): Json => ({ ...manifest, metadata: { name } });
