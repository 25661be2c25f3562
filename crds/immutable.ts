// CEL for fields that may not change between two versions of an object.
import { z } from 'zod';

/** Whether a field is as it was, also where it may be absent. */
export function unchangedField(name: string, field: z.ZodType): string {
  const equal = `self.${name} == oldSelf.${name}`;
  return field instanceof z.ZodOptional
    ? `has(self.${name}) == has(oldSelf.${name}) && (!has(self.${name}) || ${equal})`
    : equal;
}
