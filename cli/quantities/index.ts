// Door of quantities as people read them.
export * from './format.ts';
