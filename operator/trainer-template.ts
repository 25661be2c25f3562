// The Pod template under every search (--trainer-template), read once at the start.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { PodTemplate } from './reconcilers/index.ts';

/** As far as it is read; the API server judges the rest with the first Pod. */
const Template = z.strictObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  spec: z
    .looseObject({ containers: z.array(z.looseObject({ name: z.string() })).optional() })
    .optional(),
});

/** The file is no Pod template. */
export class TrainerTemplateError extends Error {
  override readonly name = 'TrainerTemplateError';
}

/** @throws TrainerTemplateError */
export function readTrainerTemplate(file: string): PodTemplate {
  const refused = (why: string, cause?: unknown) =>
    new TrainerTemplateError(
      `${file}: expected a Pod template in YAML, with metadata and spec as in spec.trialTemplate: ${why}`,
      { cause },
    );
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { data, error } = Template.safeParse(content);
  if (data !== undefined) return data as PodTemplate;
  const [issue] = error.issues;
  throw refused(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`, error);
}
