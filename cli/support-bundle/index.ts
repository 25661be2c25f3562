// Door of `bionas support-bundle`.
export { addSupportBundleCommand } from './command.ts';
