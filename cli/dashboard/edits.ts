// Edits of a search from the page: what may change, and by whose right. A run is edited by whoever has the address with its token;
// a search of a cluster with the caller's own token, so that the API server decides.
import { z } from 'zod';
import { Budget, Duration } from '../../crds/index.ts';
import { type BudgetWish, budgetChange, suspension } from '../edit/index.ts';
import type { FoundSearch, SearchEdit } from '../place/index.ts';
import { isToken } from './guard.ts';
import { RefusedError } from './problem.ts';

export interface Editing {
  /** As SearchView tells it. */
  readonly token: 'address' | 'caller';
  /** @throws RefusedError, and what the place refuses by */
  edit(found: FoundSearch, edit: SearchEdit, token: string): Promise<void>;
}

export const byAddress = (expected: string): Editing => ({
  token: 'address',
  async edit(found, edit, token) {
    if (!isToken(token, expected))
      throw new RefusedError(
        'the token is not that of this server: open the address that bionas dashboard has printed',
        { status: 403 },
      );
    await found.edit(edit);
  },
});

export const byCaller: Editing = {
  token: 'caller',
  async edit(found, edit, token) {
    if (found.editAs === undefined)
      throw new RefusedError(
        'expected a search of a cluster to edit by a token of its API server',
        { status: 403 },
      );
    await found.editAs(edit, token).catch((cause: unknown) => {
      const [status, advice] = ADVICE[cause instanceof Error ? cause.name : ''] ?? [];
      if (status === undefined) throw cause;
      throw new RefusedError(`${(cause as Error).message}; ${advice}`, { status, cause });
    });
  },
};

/** What whoever has the token can do about a refusal, by its error's name. */
const ADVICE: Readonly<Record<string, readonly [401 | 403, string]>> = {
  UnauthorizedError: [
    401,
    'the token is not taken, or has run out: another is made by kubectl create token NAME',
  ],
  ForbiddenError: [
    403,
    'whoever the token is of needs to patch bionassearches, as the ClusterRole edit of the namespace lets (docs/cli.md, Rights)',
  ],
};

const Edit = z.strictObject({
  suspend: z.boolean().optional(),
  budget: z
    .strictObject({
      trials: z.int().min(1).max(1_000_000).optional(),
      gpuHours: z
        .union([z.literal(0), Budget.shape.gpuHours.unwrap()])
        .nullable()
        .optional(),
      wallClock: Duration.nullable().optional(),
      failedTrials: z.int().min(0).max(1_000_000).optional(),
    })
    .optional(),
});

/** @throws RefusedError | EditError */
export function editIn(text: string, { search }: FoundSearch): SearchEdit {
  const { suspend, budget } = parsed(text);
  return {
    ...(suspend === undefined ? {} : suspension(search, suspend).edit),
    ...(budget === undefined ? {} : budgetChange(search, wishOf(budget)).edit),
  };
}

function wishOf({ gpuHours, wallClock, ...counts }: NonNullable<z.infer<typeof Edit>['budget']>) {
  return {
    ...counts,
    ...(gpuHours === undefined ? {} : { gpuHours: gpuHours ?? 0 }),
    ...(wallClock === undefined ? {} : { wallClock: wallClock ?? 'none' }),
  } as BudgetWish;
}

function parsed(text: string): z.infer<typeof Edit> {
  const { data, error } = Edit.safeParse(valueIn(text));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new RefusedError(`${issue?.path.join('.') || 'edit'}: ${issue?.message}`, { status: 422 });
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RefusedError('expected a merge patch in JSON, such as {"suspend": true}', {
      status: 400,
      cause,
    });
  }
}
