// A titled section of a view. Its content is made once it comes near the screen: a view paints before its charts are drawn.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface CardProps {
  readonly title: string;
  /** Beside the title: switches. */
  readonly aside?: ComponentChildren;
  readonly wide?: boolean;
  /** Height in pixels that is kept until the content is made. */
  readonly height?: number;
  readonly children: () => ComponentChildren;
}

export function Card({ title, aside, wide, height, children }: CardProps) {
  const id = useId();
  const [shown, ref] = useNear(height !== undefined);
  return (
    <section class={wide ? 'card wide' : 'card'} aria-labelledby={id} ref={ref}>
      <div class="head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {shown ? children() : <div class="later" style={{ height: `${height}px` }} />}
    </section>
  );
}

/** Whether it has ever been within a screen of what is seen. */
function useNear(lazy: boolean) {
  const ref = useRef<HTMLElement>(null);
  const [near, setNear] = useState(!lazy);
  useEffect(() => {
    if (near || ref.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: '50%' },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [near]);
  return [near, ref] as const;
}

/** What stands in a card that has nothing to show yet. */
export const Note = ({ children }: { children: ComponentChildren }) => (
  <p class="note">{children}</p>
);
