// Where a search or a trial stands: a word, with a colour beside it.
export const Phase = ({ phase }: { phase: string }) => (
  <span class={`phase ${phase.toLowerCase()}`}>{phase}</span>
);
