// Text that fits into a number of columns.

/** Cut with an ellipsis where it is longer than the room. */
export function cut(text: string, room: number): string {
  const letters = [...text];
  if (letters.length <= room) return text;
  return room < 1 ? '' : `${letters.slice(0, room - 1).join('')}…`;
}
