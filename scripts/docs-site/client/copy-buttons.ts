// A button on every block of code. Of a session only the commands are taken, without their prompts.
export function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(textOf(block));
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    block.append(button);
  }
}

function textOf(block: HTMLElement): string {
  const text = block.querySelector('code')?.textContent ?? '';
  if (block.dataset['language'] !== 'console') return text;
  const commands = text.split('\n').filter((line) => line.startsWith('$ '));
  return commands.map((line) => line.slice(2)).join('\n');
}
