// Spans of a search: one of the whole, to which those of its trials link, and one of each reconcile that did something.
import type { BioNASSearch, BioNASSearchStatus } from '../../../crds/index.ts';
import type { Live, Span, Tracer } from '../../runtime/index.ts';
import { searchPlace } from '../trial/index.ts';
import type { Standing } from './status.ts';

/** A trace of its own: one of a whole search would have no end for days, and no bounds. */
export const beginReconcile = (search: Live<BioNASSearch>, tracer: Tracer): Span =>
  tracer.start('reconcile search', {
    links: [searchPlace(search.metadata.uid, tracer)],
    attributes: searchAttributes(search),
  });

const searchAttributes = ({ metadata }: Live<BioNASSearch>) => ({
  'k8s.namespace.name': metadata.namespace ?? 'default',
  'bionas.search.name': metadata.name,
  'bionas.search.uid': metadata.uid,
});

/** The span that those of its trials link to. Written once: a search that has ended is not looked at again. */
export function traceWhole(
  search: Live<BioNASSearch>,
  {
    startTime = '',
    completionTime = '',
    standing,
  }: BioNASSearchStatus & { readonly standing: Standing },
  tracer: Tracer,
): void {
  const span = tracer.start('search', {
    place: searchPlace(search.metadata.uid, tracer),
    startMs: Date.parse(startTime || search.metadata.creationTimestamp),
    attributes: searchAttributes(search),
  });
  const { phase, reason, message } = standing;
  span.end({
    endMs: Date.parse(completionTime),
    attributes: { 'bionas.phase': phase, 'bionas.reason': reason },
    ...(phase === 'Failed' ? { failure: message } : {}),
  });
}
