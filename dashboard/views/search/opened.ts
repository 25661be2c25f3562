// The way from a search to one of its trials.
import type { TrialRow } from '../../api.ts';
import { go, hrefOf, type SearchKey } from '../../route/index.ts';

export const trialHref = ({ namespace, name }: SearchKey, trial: string): string =>
  hrefOf({ view: 'trial', namespace, name, trial });

export const openTrial =
  (key: SearchKey) =>
  ({ name }: TrialRow): void =>
    go(trialHref(key, name));
