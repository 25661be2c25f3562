// The Pod template under all others on a cluster: what Pod Security's profile `restricted` asks for, and a root file system that
// nobody writes to. A template above says otherwise where it has to: its securityContext takes the place of the whole one here.
import type { PodTemplate } from './pod-template.ts';
import { TRAINER_CONTAINER } from './trainer-container.ts';

/** What a trainer writes goes here: its work directory, and what libraries leave in TMPDIR. */
const SCRATCH = { name: 'tmp', path: '/tmp' };

export const RESTRICTED: PodTemplate = {
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: TRAINER_CONTAINER,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: SCRATCH.name, mountPath: SCRATCH.path }],
      },
    ],
    volumes: [{ name: SCRATCH.name, emptyDir: {} }],
  },
};
