// uPlot's way to draw stairs: a value holds until the next.
import uPlot from 'uplot';

export const stepped: uPlot.Series.PathBuilder = (plot, series, from, to) =>
  uPlot.paths.stepped?.({ align: 1 })(plot, series, from, to) ?? null;
