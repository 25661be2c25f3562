// The part of OpenAPI that a CustomResourceDefinition may use, and the error of a schema that leaves it.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema

export interface ValidationRule {
  /** CEL over `self`, and over `oldSelf` in a transition rule, which holds between two versions. */
  readonly rule: string;
  readonly message: string;
  /** Field to blame, relative to `self`: `.seed`. */
  readonly fieldPath?: string;
}

export interface StructuralSchema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
}

/** A schema that the API server would refuse; `path` is where. */
export class StructuralSchemaError extends Error {
  override readonly name = 'StructuralSchemaError';
  readonly path: string;

  constructor(problem: string, { path, cause }: { path: string; cause?: unknown }) {
    super(`${path}: ${problem}`, { cause });
    this.path = path;
  }
}
