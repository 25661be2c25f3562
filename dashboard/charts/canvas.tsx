// A canvas as sharp as the screen, drawn anew when what it shows, its size or the colours change.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useTheme } from './theme.ts';

interface CanvasProps {
  readonly width: number;
  readonly height: number;
  /** Pixels are those of CSS. */
  readonly draw: (context: CanvasRenderingContext2D) => void;
  readonly deps: readonly unknown[];
  /** Drawn all the same: to hide it costs nothing, nor to show it again. */
  readonly hidden?: boolean;
}

export function Canvas({ width, height, draw, deps, hidden = false }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return;
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    // Another size is another bitmap, which takes its time.
    if (canvas.width !== across || canvas.height !== down)
      [canvas.width, canvas.height] = [across, down];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context);
  }, [width, height, theme, ...deps]);
  return (
    <canvas
      ref={ref}
      aria-hidden="true"
      style={{
        width: `${width}px`,
        height: `${height}px`,
        opacity: hidden ? 0 : 1,
      }}
    />
  );
}
