// The token that the printed address of a local dashboard ends with: by it this page, as long as its tab is open, may edit.

const KEY = 'bionas-token';

/** Out of the address, so that it is not passed on with it. */
export function keepAddressToken(): void {
  const [, token] = /^#token=([\w.~+/=-]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', '#/');
}

/** Empty: the page was opened without. */
export const addressToken = (): string => sessionStorage.getItem(KEY) ?? '';
