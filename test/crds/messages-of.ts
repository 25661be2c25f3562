// What all rules of a schema say.
import type { StructuralSchema } from '../../crds/index.ts';

export function messagesOf(schema: StructuralSchema): string[] {
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
  ];
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message);
  return [...own, ...below.flatMap(messagesOf)];
}
