// What images are made of reaches Docker: nothing of it is in .dockerignore.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CUDA_IMAGE, IMAGES } from '../../../scripts/images/image.ts';
import { repositoryPath } from '../../../scripts/images/packages.ts';

const ignored = readFileSync(repositoryPath('.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const parts = [...IMAGES, CUDA_IMAGE].flatMap(({ folders, copied }) => [
  ...folders,
  ...(copied === undefined ? [] : [copied]),
]);

test.each([...new Set(parts)])('%s', (part) => {
  expect(existsSync(repositoryPath(part))).toBe(true);
  // Names and whole folders; no line there is a pattern of such.
  expect(ignored.filter((line) => part === line || part.startsWith(`${line}/`))).toEqual([]);
});
