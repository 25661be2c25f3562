// A canvas as sharp as the screen, drawn anew when what it shows, its size or the colours change.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useTheme } from './theme.ts';

interface CanvasProps {
  readonly width: number;
  readonly height: number;
  /** Pixels are those of CSS. */
  readonly draw: (context: CanvasRenderingContext2D) => void;
  readonly deps: readonly unknown[];
}

export function Canvas({ width, height, draw, deps }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context);
  }, [width, height, theme, ...deps]);
  return (
    <canvas ref={ref} aria-hidden="true" style={{ width: `${width}px`, height: `${height}px` }} />
  );
}
