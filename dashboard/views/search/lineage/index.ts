// Door of the view of who was varied from whom.
export { Lineage } from './lineage.tsx';
