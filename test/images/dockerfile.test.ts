// images/Dockerfile says of each image what make images says of it (scripts/images/image.ts).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CUDA_IMAGE, configOf, IMAGES } from '../../scripts/images/image.ts';

const text = readFileSync(new URL('../../images/Dockerfile', import.meta.url), 'utf8');

/** Instructions of a stage and of those that it is built on. */
function stage(name: string): string[] {
  const [, from = '', body = ''] =
    new RegExp(`^FROM (.+) AS ${name}\n((?:(?!FROM ).*\n)*)`, 'm').exec(text) ?? [];
  const own = body.split('\n').filter((line) => /^[A-Z]+ /.test(line));
  return from.startsWith('$') || from.startsWith('--') ? own : [...stage(from), ...own];
}

const allOf = (instruction: string, lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));

test.each([...IMAGES, CUDA_IMAGE])('$name', (image) => {
  const { Env, Entrypoint, User, WorkingDir, Labels } = configOf(image);
  const lines = stage(image.name);
  const variables = allOf('ENV', lines).flatMap((line) => line.split(' '));
  expect(variables.toSorted()).toEqual(Env.toSorted());
  expect(allOf('ENTRYPOINT', lines).map((line) => JSON.parse(line))).toEqual([Entrypoint]);
  expect(allOf('USER', lines)).toEqual([User]);
  expect(allOf('WORKDIR', lines)).toEqual([WorkingDir]);
  for (const label of allOf('LABEL', lines)) {
    const [name = '', value = ''] = label.split('=');
    expect(Labels).toHaveProperty([name], value);
  }
  const program = `${image.folders.at(-1)}-program`;
  expect(allOf('COPY', lines)).toContain(`--from=${program} /root-of-image /`);
});

test('that of CUDA leaves it to the device plugin which cards a Pod has', () => {
  // All cards would else be in every Pod of a node whose runtime is NVIDIA's.
  expect(stage('trainer-cuda').join('\n')).not.toContain('NVIDIA_VISIBLE_DEVICES');
});

test('CUDA comes in versions and hashes that pip holds to', () => {
  const file = new URL('../../images/cuda-requirements.txt', import.meta.url);
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && line[0] !== '#');
  expect(lines).toContainEqual(expect.stringMatching(/^tensorflow==2\.18\.1 /));
  for (const line of lines) expect(line).toMatch(/^[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
});
