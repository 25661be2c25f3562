// All attacks, by the names of the contract.
import type { AttackName } from '../../crds/index.ts';
import { attack as apgd } from './apgd.ts';
import type { Attack } from './attack.ts';
import { attack as fgsm } from './fgsm.ts';
import { attack as onePixel } from './one-pixel.ts';
import { attack as pgd } from './pgd.ts';
import { attack as square } from './square.ts';
import { attack as tpgd } from './tpgd.ts';
import { attack as transfer } from './transfer.ts';

export const ATTACK_TABLE: Readonly<Record<AttackName, Attack>> = {
  fgsm,
  pgd,
  tpgd,
  apgd,
  square,
  'one-pixel': onePixel,
  transfer,
};
