// Door of `bionas suspend`, `resume`, `budget` and `retry`, and of what an edit comes to.
export { type BudgetWish, budgetChange, suspension } from './change.ts';
export { addEditCommands } from './command.ts';
