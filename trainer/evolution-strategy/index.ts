// Door of the evolution strategy: CMA-ES as init/ask/tell over plain data.
export { ask, type CmaState, init, type Scored, tell } from './cma-es.ts';
