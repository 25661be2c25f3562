// What is on everything that is made for a Trial: whose it is.
import type { Trial } from '../../../crds/index.ts';

export const SEARCH_LABEL = 'bionas.dev/search';
export const TRIAL_LABEL = 'bionas.dev/trial';

export const ownerOf = ({ apiVersion, kind, metadata }: Trial) => {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
};
