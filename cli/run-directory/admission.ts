// What the API server does before it stores an object, done locally: defaults filled in, schema, rules and immutability held.
import { type Kind, objectSchema, problemsOf, withDefaults } from '../../crds/index.ts';
import { InvalidError, type KubernetesObject } from '../../operator/runtime/index.ts';

/** @throws InvalidError with every problem, from the function it returns */
export function admission<T extends KubernetesObject>(
  kind: Kind,
): (object: T, previous: T | undefined) => T {
  const schema = objectSchema(kind);
  return (object, previous) => {
    const complete = withDefaults(schema, object) as T;
    const problems = problemsOf(kind, complete, previous);
    if (problems.length === 0) return complete;
    const lines = problems.map(
      ({ path, expected, got }) => `${path.join('.')}: expected ${expected}, got ${got}`,
    );
    throw new InvalidError(`${kind} ${object.metadata.name}: ${lines.join('; ')}`);
  };
}
