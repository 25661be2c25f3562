// Door of pictures of who was varied from whom.
export { FamilyPlot } from './family-plot.tsx';
export { FamilyTree } from './family-tree.tsx';
