// How wide a chart may be: as wide as what it stands in.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A ref for the element, and its width in whole pixels; 0 until it is known. */
export function useWidth<E extends HTMLElement>(): [{ readonly current: E | null }, number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const look = () => setWidth(Math.floor(element.clientWidth));
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return [ref, width];
}
