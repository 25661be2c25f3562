// Door of the views.
export { App } from './app.tsx';
