// Files that a trained network leaves for others: its genotype, and the network itself for any ONNX runtime.
import { join } from 'node:path';
import { genotypeHash, KEPT_FILES, printGenotype } from '../crds/index.ts';
import { exportOnnx } from './export/index.ts';
import { inferenceEntry, type Trained, writeAtomically } from './training/index.ts';

/** Writes genotype.json and model.onnx; gives names and paths. */
export async function writeArtifacts(
  trained: Trained,
  accuracy: number | undefined,
): Promise<Record<string, string>> {
  const files = {
    [KEPT_FILES.genotype]: genotypeText(trained),
    [KEPT_FILES.model]: await model(trained, accuracy),
  };
  const written = Object.entries(files).map(async ([name, content]) => {
    const path = join(trained.directory, name);
    await writeAtomically(path, content);
    return [name, path] as const;
  });
  return Object.fromEntries(await Promise.all(written));
}

function genotypeText({ genotype, spec }: Trained): string {
  const text = printGenotype(genotype);
  const document = { text, hash: genotypeHash(genotype), genotype, shape: spec.shape };
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function model(trained: Trained, accuracy: number | undefined): Promise<Uint8Array> {
  const { spec, genotype, session, step, classes } = trained;
  const entry = inferenceEntry({ ...trained, variables: step.variables });
  const read = entry.operations.flatMap(({ attributes }) =>
    'variable' in attributes ? [attributes.variable.name] : [],
  );
  return exportOnnx({
    entry,
    values: await session.read(read),
    metadata: {
      genotype: printGenotype(genotype),
      dataset: spec.dataset.name,
      classes: JSON.stringify(classes),
      ...(accuracy === undefined ? {} : { accuracy: `${accuracy}` }),
    },
  });
}
