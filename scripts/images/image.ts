// The images of bionas: what lies in each and how it starts. images/Dockerfile builds the same from the same (assemble.ts).
import packageJson from '../../package.json' with { type: 'json' };

export type ImageName = 'operator' | 'trainer' | 'trainer-cuda';

export interface Image {
  readonly name: ImageName;
  readonly description: string;
  /** Of the sources; `main.ts` of the last is what starts. */
  readonly folders: readonly string[];
  /** Of the repository, as it is there: made before, and not by the compiler. */
  readonly copied?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Which of TensorFlow's C libraries is in it. */
  readonly tensorflow?: 'cpu' | 'cuda';
}

/** Nobody in particular, as in distroless images: a Pod under `restricted` needs a number to know that it is not root. */
export const USER = 65532;
export const APP = '/app';
export const TENSORFLOW = '/opt/tensorflow';

export const IMAGES: readonly Image[] = [
  {
    name: 'operator',
    description: 'Runs searches of bionas on a Kubernetes cluster',
    // cli: what looks at searches, for the dashboard.
    folders: ['crds', 'cli', 'operator'],
    copied: 'dashboard/dist',
    env: {},
  },
  {
    name: 'trainer',
    description: 'Trains one Trial of bionas and reports it',
    folders: ['crds', 'trainer'],
    env: { BIONAS_TENSORFLOW_DIR: TENSORFLOW },
    tensorflow: 'cpu',
  },
];

/** Of 5 GB, built where it is asked for. */
export const CUDA_IMAGE: Image = {
  name: 'trainer-cuda',
  description: 'Trains one Trial of bionas on a GPU and reports it',
  folders: ['crds', 'trainer'],
  // Which devices a Pod sees is the device plugin's to say, so NVIDIA_VISIBLE_DEVICES is not set here.
  env: {
    BIONAS_TENSORFLOW_DIR: `${TENSORFLOW}/tensorflow`,
    NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
  },
  tensorflow: 'cuda',
};

export const entryOf = ({ folders }: Image): string => `${APP}/${folders.at(-1)}/main.js`;

/** As containerd knows it once it is imported; a registry's name is given by whoever pushes it. */
export const referenceOf = ({ name }: Pick<Image, 'name'>): string =>
  `bionas.local/bionas-${name}:${packageJson.version}`;

/** The `config` of the image's configuration: https://specs.opencontainers.org/image-spec/config/ */
export const configOf = (image: Image) => ({
  User: `${USER}:${USER}`,
  Env: Object.entries({
    PATH: '/usr/local/bin:/usr/bin:/bin',
    // The root file system may be read-only; /tmp is a volume then.
    HOME: '/tmp',
    ...image.env,
  }).map((pair) => pair.join('=')),
  Entrypoint: ['node', entryOf(image)],
  WorkingDir: '/tmp',
  Labels: {
    'org.opencontainers.image.title': `bionas-${image.name}`,
    'org.opencontainers.image.description': image.description,
    'org.opencontainers.image.version': packageJson.version,
    'org.opencontainers.image.licenses': packageJson.license,
  },
});
