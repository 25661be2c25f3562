// Fields that no schema knows. The API server drops them without a word; here each is a mistake, for it is mostly a typo.
import { nearestName, type Path, type Problem, type StructuralSchema } from '../../crds/index.ts';

/** One problem an unknown field; `path` ends with its name. */
export function unknownFields(
  schema: StructuralSchema,
  value: unknown,
  path: Path = [],
): Problem[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, index) => unknownFields(items, item, [...path, index]));
  }
  const { properties, 'x-kubernetes-preserve-unknown-fields': isOpen = false } = schema;
  if (properties === undefined || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    // `constructor` and the like are on every object, and in no schema.
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) return unknownFields(property, field, [...path, name]);
    return isOpen ? [] : [unknownField(path, name, Object.keys(properties))];
  });
}

function unknownField(path: Path, name: string, known: readonly string[]): Problem {
  const nearest = nearestName(name, known);
  const problem = {
    path: [...path, name],
    expected: `a field that exists (${known.join(', ')})`,
    got: name,
  };
  return nearest === undefined ? problem : { ...problem, nearest };
}
