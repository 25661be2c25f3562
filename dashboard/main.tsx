// The dashboard's page: put into the document that index.html is.
import { render } from 'preact';
import './style/index.css';
import { App } from './views/index.ts';

const page = document.getElementById('page');
if (page !== null) render(<App />, page);
