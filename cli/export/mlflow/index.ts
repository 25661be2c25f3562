// Door of MLflow: a search as an experiment.
export { MlflowClient } from './client.ts';
export { type Sent, sendSearch } from './send-search.ts';
