// Door of `bionas top`.
export { addTopCommand } from './command.ts';
