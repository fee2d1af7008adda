import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { nextTick, onBeforeUnmount, shallowRef, useTemplateRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { usePreferences } from '../stores/preferences.ts';

/** Only what is drawn somewhere is bundled; a page that needs another kind registers it here. */
use([BarChart, GridComponent, AriaComponent, SVGRenderer]);

/** The design tokens as a chart needs them: resolved colours of the theme at hand. */
export interface ChartTokens {
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  bar: string;
  yellow: string;
  red: string;
  font: string;
  /** The size of small text, in px. */
  size: number;
}

function readTokens(): ChartTokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    bar: token('bar'),
    yellow: token('yellow'),
    red: token('red'),
    font: token('font'),
    size: Math.round(Number.parseFloat(style.fontSize) * 0.8125),
  };
}

interface Disposable {
  dispose: () => void;
}

/**
 * The one way to a chart: builds its option from the tokens, anew when the data or the theme changes, and
 * disposes it with its component. The component renders `<ChartView ref="chart" :option="option" autoresize />`.
 * @param build pure; reads reactive data and the tokens
 */
export function useChart(build: (tokens: ChartTokens) => EChartsCoreOption): ShallowRef<EChartsCoreOption> {
  const preferences = usePreferences();
  const chart = useTemplateRef<Disposable>('chart');
  const tokens = shallowRef(readTokens());
  const option = shallowRef<EChartsCoreOption>(build(tokens.value));
  watch(
    () => preferences.theme,
    async () => {
      await nextTick();
      tokens.value = readTokens();
    },
  );
  watch(
    () => build(tokens.value),
    (next) => (option.value = next),
  );
  onBeforeUnmount(() => chart.value?.dispose());
  return option;
}

export { default as ChartView } from 'vue-echarts';
