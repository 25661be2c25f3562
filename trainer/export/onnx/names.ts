// What users of the model feed and fetch.

/** float32 [batch,C,H,W] in [0,1] */
export const PICTURES = 'pictures';
/** float32 [batch,classes] */
export const LOGITS = 'logits';
