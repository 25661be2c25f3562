// Commands that need no cluster, and are not run.
import type { NotRun } from './not-run.ts';

export const MLFLOW = {
  why: 'needs an MLflow server, out of an environment of 700 MB',
  test: 'test/cli/export/mlflow/mlflow.integration.test.ts',
};

const INSTALLS = {
  why: 'installs, and takes minutes; what it ends with is run for docs/quickstart.md',
};

const FETCH = {
  why: 'fetches 170 MB from outside',
  test: 'test/trainer/data/fetch.integration.test.ts',
};

const CARD = {
  why: 'needs a card of NVIDIA',
  test: 'test/scripts/check-gpu/check-gpu.integration.test.ts',
};

const GUIDE = {
  why: 'needs S3 and photographs of ImageNet',
  test: 'test/e2e/imagenet-guide.integration.test.ts',
};

const TENSORBOARD = {
  why: 'is TensorBoard itself, out of an environment of its own',
  test: 'test/cli/export/tensorboard/tensorboard.integration.test.ts',
};

export const NOT_RUN_HERE: readonly NotRun[] = [
  { page: 'README.md', ...INSTALLS, commands: ['make quickstart'] },
  { page: 'README.md', why: 'is what runs this', commands: ['make test'] },
  {
    page: 'docs/cli.md',
    ...MLFLOW,
    commands: ['bionas export mlflow runs/quickstart --url http://127.0.0.1:5000'],
  },
  {
    page: 'docs/results-out.md',
    ...MLFLOW,
    commands: ['bionas export mlflow runs/night --url http://127.0.0.1:5000'],
  },
  { page: 'docs/cli.md', ...TENSORBOARD, commands: ['tensorboard --logdir board'] },
  { page: 'docs/results-out.md', ...TENSORBOARD, commands: ['tensorboard --logdir board'] },
  {
    page: 'docs/data.md',
    ...GUIDE,
    commands: [
      'bionas data pack /data/imagenet s3://pictures/imagenet-256 --side 256',
      'bionas data check s3://pictures/imagenet-256',
    ],
  },
  {
    page: 'docs/imagenet.md',
    ...GUIDE,
    commands: [
      'export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=us-east-1',
      'export AWS_ENDPOINT_URL=http://minio.storage:9000',
      'bionas data pack /data/imagenet s3://pictures/imagenet-256 --side 256',
      'bionas data check s3://pictures/imagenet-256',
      'cp examples/imagenet.yaml imagenet.yaml',
      'bionas validate imagenet.yaml',
      'bionas plan imagenet.yaml --price 2.5',
      'bionas run imagenet.yaml',
      'bionas top runs/imagenet',
      'bionas export trials runs/imagenet --file trials.csv',
      'bionas export genotype runs/imagenet --file cell.json',
      'bionas validate retrain.yaml',
      'bionas run retrain.yaml',
      'bionas describe runs/imagenet-retrain final-0',
      'bionas export genotype runs/imagenet-retrain --file winner.json',
    ],
  },
  {
    page: 'docs/imagenet.md',
    why: 'reads a network from S3 that was trained on a cluster',
    test: 'test/e2e/stores.integration.test.ts',
    commands: [
      `curl --fail --aws-sigv4 "aws:amz:$AWS_REGION:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --output model.onnx "$AWS_ENDPOINT_URL/runs/imagenet-retrain/imagenet-retrain-final-0-$(kubectl --namespace vision get trial imagenet-retrain-final-0 --output jsonpath='{.metadata.uid}')/model.onnx"`,
    ],
  },
  {
    page: 'docs/debug-step.md',
    why: 'needs PyTorch, an environment of 5 GB',
    test: 'test/trainer/debug-step/pytorch.integration.test.ts',
    commands: ['$(make -s torch-venv) scripts/check-step-with-pytorch.py step/'],
  },
  {
    page: 'docs/executors.md',
    why: 'needs g++ and minutes to build an addon',
    test: 'test/trainer/executors/tfjs-node.integration.test.ts',
    commands: [
      'make tfjs-node',
      'BIONAS_EXECUTOR=tfjs-node bin/bionas run examples/quickstart.yaml',
    ],
  },
  {
    page: 'docs/executors.md',
    why: 'needs a driver of Vulkan',
    test: 'test/trainer/executors/onnx-webgpu.integration.test.ts',
    commands: [
      'export VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json LD_LIBRARY_PATH=/usr/lib/chromium',
      'bin/bionas run examples/quickstart.yaml --executor onnx-webgpu',
    ],
  },
  {
    page: 'docs/executors.md',
    ...CARD,
    commands: [
      'BIONAS_TENSORFLOW_DIR=... make check-gpu',
      'scripts/fetch-tensorflow-cuda.sh',
      'export BIONAS_TENSORFLOW_DIR=$HOME/.cache/bionas/tensorflow-cuda/2.18.1/tensorflow BIONAS_DEVICE=gpu',
      'make check-gpu',
      'bin/bionas run examples/quickstart.yaml',
    ],
  },
  {
    page: 'docs/images.md',
    why: 'builds images, for minutes; by Docker, where there is one',
    test: 'test/cluster/images/release.plane.test.ts',
    commands: [
      'make images',
      'docker build -f images/Dockerfile --target trainer .',
      'docker buildx build -f images/Dockerfile --target operator --platform linux/amd64,linux/arm64 .',
    ],
  },
  {
    page: 'docs/observability.md',
    why: 'is a form, without the flags of the operator',
    test: 'test/cluster/telemetry/telemetry.cluster.test.ts',
    commands: ['OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318 node operator/main.ts ...'],
  },
  {
    page: 'docs/simulating.md',
    why: 'needs a grid of 81 trained networks',
    test: 'test/cli/simulate/simulate.test.ts',
    commands: [
      'bionas simulate random.yaml evolution.yaml tpe.yaml asha.yaml --table runs/lenet-grid --seeds 100 --output out',
    ],
  },
  {
    page: 'examples/paper/README.md',
    ...FETCH,
    commands: ['bin/bionas data fetch cifar10'],
  },
  {
    page: 'examples/paper/README.md',
    why: 'needs a card of NVIDIA',
    test: 'test/trainer/executors/tfjs-node.integration.test.ts',
    commands: [
      'BIONAS_EXECUTOR=tfjs-node-gpu bin/bionas run examples/paper/cifar10.yaml --slots 1',
    ],
  },
  { page: 'docs/quickstart.md', ...INSTALLS, commands: ['make quickstart'] },
  {
    page: 'docs/how-to/own-dataset.md',
    ...GUIDE,
    commands: [
      'bin/bionas data pack /data/pets /data/pets-256 --side 256 --classes 2',
      'bin/bionas data check /data/pets-256',
    ],
  },
  {
    page: 'docs/how-to/gpu-cluster.md',
    why: 'builds images, for minutes, and pushes them to a registry',
    test: 'test/cluster/images/release.plane.test.ts',
    commands: [
      'make images image-cuda',
      'export REGISTRY=registry.example.org/bionas',
      'for image in operator trainer trainer-cuda; do skopeo copy oci-archive:dist/images/bionas-$image-0.1.0.oci.tar docker://$REGISTRY/bionas-$image:0.1.0 done',
    ],
  },
  {
    page: 'docs/how-to/gpu-cluster.md',
    ...CARD,
    commands: [
      'scripts/fetch-tensorflow-cuda.sh',
      'export BIONAS_TENSORFLOW_DIR=$HOME/.cache/bionas/tensorflow-cuda/2.18.1/tensorflow BIONAS_DEVICE=gpu',
      'make check-gpu',
    ],
  },
  { page: 'docs/how-to/gpu-cluster.md', ...FETCH, commands: ['bin/bionas data fetch cifar10'] },
  {
    page: 'docs/cli.md',
    why: 'needs failed trials in a search that goes on',
    test: 'test/cli/edit/retry.test.ts',
    commands: ['bionas retry runs/night 12 17', 'bionas retry night --failed'],
  },
];
