// Genotypes that others published, as texts of ours.
const darts = (normal: string, reduce: string) => `darts;normal=${normal};reduce=${reduce};rest=BP`;

/** Found by DARTS's second order (Liu et al. 2019), all backpropagation. */
export const DARTS_V2 = darts(
  'sep_conv_3x3:BP~0,sep_conv_3x3:BP~1|sep_conv_3x3:BP~0,sep_conv_3x3:BP~1|sep_conv_3x3:BP~1,skip_connect~0|skip_connect~0,dil_conv_3x3:BP~2',
  'max_pool_3x3~0,max_pool_3x3~1|skip_connect~2,max_pool_3x3~1|max_pool_3x3~0,skip_connect~2|skip_connect~2,max_pool_3x3~1',
);

/** BioNAS's genotypes (its code's genotypes file). */
export const LR_NAS1 = darts(
  'skip_connect~0,skip_connect~1|sep_conv_3x3:uSF~0,skip_connect~1|sep_conv_3x3:uSF~0,sep_conv_3x3:frSF~1|skip_connect~2,skip_connect~0',
  'skip_connect~1,skip_connect~0|skip_connect~1,skip_connect~0|skip_connect~0,dil_conv_5x5:brSF~3|skip_connect~3,skip_connect~0',
);
export const BIODARTS = darts(
  'skip_connect~0,skip_connect~1|sep_conv_3x3:frSF~1,sep_conv_3x3:uSF~2|sep_conv_3x3:uSF~0,skip_connect~1|sep_conv_3x3:frSF~1,max_pool_3x3~0',
  'max_pool_3x3~0,skip_connect~1|max_pool_3x3~0,max_pool_3x3~1|max_pool_3x3~0,max_pool_3x3~1|max_pool_3x3~0,dil_conv_5x5:uSF~3',
);
