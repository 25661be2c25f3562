// A share of something as a bar, with its value in words.
export const Meter = ({ share, text }: { share: number; text: string }) => (
  <span class="meter">
    <span class="track" aria-hidden="true">
      <span style={{ width: `${100 * Math.min(1, Math.max(0, share))}%` }} />
    </span>
    <span>{text}</span>
  </span>
);
