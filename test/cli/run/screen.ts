// A terminal's screen for tests: takes what a program writes and shows what a person would see.
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with ESC
const SEQUENCE = /^\x1b\[(\??)(\d*)([A-Za-z])/;

export class Screen {
  readonly columns: number;
  cursorShown = true;
  #rows: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns = 100) {
    this.columns = columns;
  }

  /** Lines without trailing blanks; empty ones at the end are left out. */
  get lines(): string[] {
    return this.#rows
      .map((row) => row.trimEnd())
      .join('\n')
      .trimEnd()
      .split('\n');
  }

  write(text: string): void {
    let rest = text;
    while (rest !== '') {
      const [whole, mark, count, letter] = SEQUENCE.exec(rest) ?? [];
      if (whole === undefined) {
        const [symbol = ''] = rest;
        this.#put(symbol);
        rest = rest.slice(symbol.length);
      } else {
        this.#control(`${mark}${letter}`, Number(count));
        rest = rest.slice(whole.length);
      }
    }
  }

  #put(symbol: string): void {
    if (symbol === '\r') this.#column = 0;
    else if (symbol === '\n') this.#newLine();
    else {
      if (this.#column === this.columns) this.#newLine();
      const row = [...this.#current.padEnd(this.#column)];
      row[this.#column] = symbol;
      this.#rows[this.#row] = row.join('');
      this.#column += 1;
    }
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#rows.length === this.#row) this.#rows.push('');
  }

  #control(kind: string, count: number): void {
    if (kind === 'A') this.#row = Math.max(0, this.#row - count);
    if (kind === 'K' || kind === 'J')
      this.#rows[this.#row] = [...this.#current].slice(0, this.#column).join('');
    if (kind === 'J') this.#rows = this.#rows.slice(0, this.#row + 1);
    if (kind === '?h' && count === 25) this.cursorShown = true;
    if (kind === '?l' && count === 25) this.cursorShown = false;
  }

  get #current(): string {
    return this.#rows[this.#row] ?? '';
  }
}
