// The Lease object (coordination.k8s.io/v1) as leader election uses it: what each write makes of it. Its times are for people
// to read: no candidate compares them with its own clock.
import type { KubernetesObject, ObjectKind } from './object.ts';

export interface LeaseSpec {
  /** Who leads; empty once released. */
  readonly holderIdentity?: string;
  /** How long others wait from when they last saw the lease change. */
  readonly leaseDurationSeconds?: number;
  /** RFC 3339 with microseconds. */
  readonly acquireTime?: string;
  readonly renewTime?: string;
  /** Rises whenever the lease changes hands. */
  readonly leaseTransitions?: number;
}

export interface Lease extends KubernetesObject {
  readonly spec?: LeaseSpec;
}

export const LEASE: ObjectKind<Lease> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

export interface Claim {
  readonly identity: string;
  readonly durationSeconds: number;
  /** Wall time, ms. */
  readonly now: number;
}

/** The lease in the hands of `identity`: renewed if it was there before, else taken over. */
export function claimed(
  before: LeaseSpec | undefined,
  { identity, durationSeconds, now }: Claim,
): Required<LeaseSpec> {
  // Whatever the clock shows, each renewal changes the lease: others see it live by that.
  const time = microTime(now) === before?.renewTime ? microTime(now + 1) : microTime(now);
  const isRenewal = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: isRenewal ? (before.acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: isRenewal ? (transitions ?? 0) : (transitions ?? -1) + 1,
  };
}

/** Nobody's: the next candidate need not wait. */
export function released(now: number): LeaseSpec {
  return { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
