// Door of `bionas describe`.
export { addDescribeCommand } from './command.ts';
