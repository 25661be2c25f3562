// The dashboard's page: put into the document that index.html is.
import { render } from 'preact';
import './style/index.css';
import { keepAddressToken } from './connection/index.ts';
import { App } from './views/index.ts';

keepAddressToken();
const page = document.getElementById('page');
if (page !== null) render(<App />, page);
