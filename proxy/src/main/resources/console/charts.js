// The three charts of a route, drawn by uPlot: requests, errors and latency, all variants over each other, with a line
// where somebody or the guard moved traffic.

import { h } from './dom.js';
import { isBad, millis, NONE, percent, rate } from './format.js';

/** The shortest of these that holds what there is: the first minute should not be a sliver at the right edge. */
const WINDOWS_SECONDS = [60, 120, 180, 240, 300];
const HEIGHT = 148;
const SYNC = 'turnout';
const MOVES = new Set(['revert', 'switch', 'weights', 'clear', 'freeze', 'rollout.step', 'rollout.promoted']);
/** Room that a word needs, in CSS pixels. */
const WORD = 44;

const CHARTS = [
  { id: 'rps', title: 'Requests', unit: 'per second', series: [['rps', 'all']], text: rate, min: 1 },
  { id: 'errors', title: 'Errors', unit: 'share of requests', series: [['errorRate', 'all']], text: percent, min: 0.01 },
  {
    id: 'latency', title: 'Latency', unit: 'p50 · p95 · p99', text: millis, min: 1,
    series: [['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99']],
  },
];

const ALPHA = { all: 1, p50: 0.45, p95: 0.7, p99: 1 };
const DASH = { all: undefined, p50: [2, 3], p95: [6, 3], p99: undefined };

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Points of all variants on one time axis. */
function table(past, pools, names) {
  const newest = Math.max(0, ...pools.map((pool) => past[pool]?.t.at(-1) ?? 0));
  const oldest = Math.min(newest, ...pools.map((pool) => past[pool]?.t[0] ?? newest));
  const length = WINDOWS_SECONDS.find((seconds) => seconds > newest - oldest) ?? WINDOWS_SECONDS.at(-1);
  const times = Array.from({ length }, (_, i) => newest - length + 1 + i);
  const rows = [times];
  for (const pool of pools) {
    for (const name of names) {
      const row = new Array(length).fill(null);
      past[pool]?.t.forEach((t, i) => {
        const at = t - times[0];
        if (at >= 0 && at < length) row[at] = past[pool][name][i];
      });
      rows.push(row);
    }
  }
  return rows;
}

/** A line and a letter where traffic was moved. */
function marks(view) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    let free = bbox.left + bbox.width + 16 * devicePixelRatio;
    for (const entry of view.entries) {
      const x = plot.valToPos(Date.parse(entry.time) / 1000, 'x', true);
      if (!MOVES.has(entry.action) || x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = ctx.fillStyle = css(isBad(entry.action) ? '--bad' : '--muted');
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const word = entry.action.replace('rollout.', '');
      const room = (4 + (WORD * word.length) / 7) * devicePixelRatio;
      const fits = x + room <= free;
      if (!fits && !isBad(entry.action)) continue;
      free = fits ? x : x - room;
      ctx.font = 10 * devicePixelRatio + 'px system-ui, sans-serif';
      // Bad news is said in any case: on the other side of its line, if need be.
      ctx.textAlign = fits ? 'left' : 'right';
      ctx.fillText(word, x + (fits ? 4 : -4) * devicePixelRatio, bbox.top + 9 * devicePixelRatio);
    }
    ctx.restore();
  };
}

function options(chart, view, width) {
  const line = css('--line');
  const axis = { stroke: css('--muted'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const series = view.pools.flatMap((pool) =>
    chart.series.map(([, kind]) => ({
      label: pool + (kind === 'all' ? '' : ' ' + kind),
      stroke: css('--' + view.hue[pool]),
      alpha: ALPHA[kind],
      dash: DASH[kind],
      width: kind === 'all' || kind === 'p99' ? 1.75 : 1.25,
      points: { show: false },
      spanGaps: true,
    })),
  );
  return {
    width,
    height: HEIGHT,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: SYNC }, drag: { x: false, y: false }, points: { size: 5 } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(chart.min, (max ?? 0) * 1.12)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 22, space: 70, values: (_, ticks) => ticks.map(timeOfDay) },
      { ...axis, grid: { stroke: line, width: 1 }, size: 52, space: 32, values: (_, ticks) => ticks.map(short(chart)) },
    ],
    series: [{}, ...series],
    hooks: {
      draw: [marks(view)],
      setCursor: [(plot) => view.onCursor(chart.id, plot.cursor.idx)],
    },
  };
}

function timeOfDay(seconds) {
  const date = new Date(seconds * 1000);
  const two = (n) => String(n).padStart(2, '0');
  return two(date.getHours()) + ':' + two(date.getMinutes()) + (seconds % 60 ? ':' + two(date.getSeconds()) : '');
}

function short(chart) {
  return (tick) => (tick === 0 ? '0' : chart.text(tick).replace(/\.0+(?= |$)/, ''));
}

/** The charts of one route. Kept over renderings, as plots are dear. */
export class Charts {
  constructor(onChange) {
    this.plots = new Map();
    this.view = { pools: [], hue: {}, entries: [], past: {}, onCursor: (id, index) => this.#cursor(index) };
    this.index = null;
    this.onChange = onChange;
    // Colours are read from the style sheet when a plot is made.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#forget());
  }

  #cursor(index) {
    if (index === this.index) return;
    this.index = index ?? null;
    this.onChange();
  }

  #forget() {
    this.plots.forEach((plot) => plot.destroy());
    this.plots.clear();
    this.onChange();
  }

  /** Panels for the pools of a route, with what is known of each. */
  panels(pools, hue, past, entries) {
    Object.assign(this.view, { hue, past, entries });
    if (this.view.pools.join() !== pools.join()) {
      this.view.pools = pools;
      this.plots.forEach((plot) => plot.destroy());
      this.plots.clear();
    }
    return CHARTS.map((chart) => this.#panel(chart));
  }

  #panel(chart) {
    const rows = table(this.view.past, this.view.pools, chart.series.map(([name]) => name));
    return h('section', { class: 'panel chart', key: chart.id, 'aria-label': chart.title },
      h('header', {},
        h('h2', {}, chart.title, ' ', h('small', {}, chart.unit)),
        h('ul', { class: 'legend' }, this.view.pools.map((pool, i) => this.#legend(chart, pool, rows, i)))),
      h('div', {
        class: 'plot', role: 'img', 'aria-label': this.#inWords(chart, rows),
        mounted: (node) => this.#observe(chart, node),
        updated: (node) => this.#draw(chart, node, rows),
        unmounted: () => { this.plots.get(chart.id)?.destroy(); this.plots.delete(chart.id); },
      }));
  }

  #value(row) {
    if (this.index !== null && this.index !== undefined) return row[this.index] ?? null;
    return row.slice(-3).findLast((value) => value !== null) ?? null;
  }

  #legend(chart, pool, rows, i) {
    const n = chart.series.length;
    const values = chart.series.map((_, k) => chart.text(this.#value(rows[1 + i * n + k])));
    return h('li', { 'data-hue': this.view.hue[pool] },
      h('i', { class: 'swatch' }), pool, ' ', h('b', {}, n === 1 ? values[0] : values.map((v) => v.replace(' ms', '')).join(' · ')),
      n > 1 && values.some((v) => v.endsWith('ms')) && ' ms');
  }

  #inWords(chart, rows) {
    const n = chart.series.length;
    return chart.title + ' of the last minutes. Now ' + this.view.pools.map((pool, i) =>
      pool + ' ' + chart.series.map(([name], k) => (n > 1 ? name + ' ' : '') + chart.text(rows[1 + i * n + k].at(-1) ?? null).replace(NONE, 'none')).join(', '),
    ).join('; ');
  }

  #observe(chart, node) {
    new ResizeObserver(() => {
      const plot = this.plots.get(chart.id);
      if (plot && node.clientWidth > 0) plot.setSize({ width: node.clientWidth, height: HEIGHT });
    }).observe(node);
  }

  #draw(chart, node, rows) {
    const plot = this.plots.get(chart.id);
    if (plot && plot.root.parentNode === node) {
      plot.setData(rows);
    } else if (node.clientWidth > 0) {
      plot?.destroy();
      this.plots.set(chart.id, new uPlot(options(chart, this.view, node.clientWidth), rows, node));
    }
  }
}
