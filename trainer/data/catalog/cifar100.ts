// CIFAR-100 (Krizhevsky 2009), binary version: 50,000 + 10,000 pictures, 32 x 32 colour, 100 fine classes.
// Means and deviations are those of NAS-Bench-201, which the paper's tables compare with.
import { httpArchive } from '../sources/index.ts';
import {
  archiveMembers,
  CIFAR_BASE,
  CIFAR_PICTURES,
  readCifarDataset,
  type SizedFile,
} from './cifar-dataset.ts';
import type { CatalogEntry } from './entry.ts';

const name = 'cifar100';
// The lines of the archive's fine_label_names.txt.
const classes = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
  butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch
  crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo
  keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain
  mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain
  plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk
  skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone
  television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
`
  .trim()
  .split(/\s+/);

const files: readonly SizedFile[] = [
  { name: 'train.bin', bytes: 153_700_000, packable: false },
  { name: 'test.bin', bytes: 30_740_000, packable: false },
];

export const cifar100: CatalogEntry = {
  name,
  classes: classes.length,
  classNames: classes,
  statistics: {
    mean: [129.3 / 255, 124.1 / 255, 112.4 / 255],
    std: [68.2 / 255, 65.4 / 255, 70.4 / 255],
  },
  ...CIFAR_PICTURES,
  files,
  sources: [
    httpArchive({
      base: CIFAR_BASE,
      archive: 'cifar-100-binary.tar.gz',
      checksum: { algorithm: 'md5', value: '03b5dce01913d631647c71ecec9e9cb8' },
      members: archiveMembers(files),
    }),
  ],
  read: readCifarDataset(
    { name, classes },
    { train: ['train.bin'], test: ['test.bin'] },
    { labelBytes: 2, labelAt: 1 },
  ),
};
