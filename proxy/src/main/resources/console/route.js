// One route on one screen: where its traffic goes, how it does there, what the guard thinks, what may be done.

import { h } from './dom.js';
import { figureLines, guardPanel, guardState } from './evidence.js';
import { actionText, ago, clock, count, exact, inShares, isBad, millis, NONE, percent, rate, share, span, unbroken, weightsText } from './format.js';
import { rolloutPanel, verbs } from './steps.js';
import { hues, roles } from './store.js';

/** The weight bar; under it, thinner, what was measured. */
export function weightBar(route, figures, hue) {
  const pools = Object.keys(route.weights);
  const measured = pools.some((pool) => figures.variants[pool]?.share > 0);
  return h('div', { class: 'weights' },
    h('div', { class: 'bar', role: 'img', 'aria-label': 'weights ' + weightsText(route.weights) },
      pools.map((pool) => {
        const part = share(route.weights[pool], route.weights);
        return h('span', { key: pool, 'data-hue': hue[pool], class: part === 0 && 'none', style: { 'flex-grow': part } },
          part >= 0.2 && h('b', {}, pool), part >= 0.05 && ' ' + exact(part));
      })),
    measured && h('div', { class: 'bar measured', 'aria-hidden': 'true' }, pools.map((pool) =>
      h('span', { key: pool, 'data-hue': hue[pool], style: { 'flex-grow': figures.variants[pool]?.share ?? 0 } }))));
}

function health(pool, status, live) {
  const endpoints = status.pools.find((one) => one.name === pool)?.endpoints ?? [];
  const usable = endpoints.filter((endpoint) => endpointState(endpoint, live?.endpoints[pool]?.[endpoint.address])[1] === 'good');
  const tone = usable.length === endpoints.length ? 'good' : usable.length === 0 ? 'bad' : 'wait';
  return h('span', { class: 'state ' + tone }, usable.length + '/' + endpoints.length);
}

function variantRow(variant, route, store, hue, role) {
  const now = store.figures(route.name).variants[variant.pool] ?? {};
  const errors = now.errorRate ?? null;
  return h('tr', { key: variant.pool, 'data-hue': hue[variant.pool] },
    h('th', { scope: 'row' }, h('i', { class: 'swatch' }), variant.pool, role && h('small', {}, ' ' + role)),
    h('td', {}, exact(variant.share)),
    h('td', { class: 'wide' }, percent(now.share ?? null)),
    h('td', {}, rate(now.rps ?? variant.requestsPerSecond)),
    h('td', { class: errors > 0.01 ? 'bad' : '' }, percent(errors)),
    h('td', { class: 'wide' }, millis(now.p50)),
    h('td', { class: 'wide' }, millis(now.p95)),
    h('td', {}, millis(now.p99)),
    h('td', { class: 'wide' }, now.inFlight ?? NONE),
    h('td', {}, health(variant.pool, store.status, store.live)));
}

function splitPanel(route, store, hue) {
  const { stable, canary } = roles(route);
  const role = { [stable]: 'stable', [canary]: 'canary' };
  const head = (text, className, long) => h('th', { scope: 'col', class: className, 'aria-label': long, title: long }, text);
  return h('section', { class: 'panel split', 'aria-labelledby': 'split-title' },
    h('header', {}, h('h2', { id: 'split-title' }, 'Split'), h('span', { class: 'muted' }, rate(store.figures(route.name).rps), ' req/s')),
    weightBar(route, store.figures(route.name), hue),
    h('table', { class: 'figures' },
      h('thead', {}, h('tr', {}, head('Variant'), head('Weight'), head('Measured', 'wide', 'share measured'), head('Req/s', null, 'requests per second'),
        head('Errors', null, 'error rate'), head('p50', 'wide'), head('p95', 'wide'), head('p99'), head('Running', 'wide', 'requests running now'),
        head('Up', null, 'usable endpoints'))),
      h('tbody', {}, route.variants.map((variant) => variantRow(variant, route, store, hue, role[variant.pool])))));
}

const WORDS = { pending: 'not checked yet' };
const TONES = { pending: 'wait', healthy: 'good', unhealthy: 'bad', ejected: 'bad', unresolved: 'bad' };

/** In words and as a tone; health comes with the figures, the operator's wish with the status. */
function endpointState(endpoint, live) {
  if (endpoint.admin === 'drained') return ['drained', 'idle'];
  const said = live?.health ?? endpoint.health?.state;
  return said ? [WORDS[said] ?? said, TONES[said] ?? 'wait'] : ['in service', 'good'];
}

function endpointsPanel(route, store, hue, act) {
  const pools = route.variants.map((variant) => variant.pool);
  const rows = store.status.pools.filter((pool) => pools.includes(pool.name)).flatMap((pool) =>
    pool.endpoints.map((endpoint) => {
      const live = store.live?.endpoints[pool.name]?.[endpoint.address];
      const [words, tone] = endpointState(endpoint, live);
      const isDrained = endpoint.admin === 'drained';
      const verb = isDrained ? 'resume' : 'drain';
      return h('tr', { key: pool.name + endpoint.address, 'data-hue': hue[pool.name] },
        h('th', { scope: 'row' }, h('i', { class: 'swatch' }), h('code', {}, endpoint.address)),
        h('td', {}, h('span', { class: 'state ' + tone }, words)),
        h('td', {}, rate(live?.rps ?? null)),
        h('td', { class: 'wide' }, count(endpoint.failures)),
        h('td', {}, h('button', {
          class: 'small', onclick: () => act.endpoint(pool.name, endpoint.address, verb),
          'aria-label': verb + ' ' + endpoint.address,
        }, isDrained ? 'Resume' : 'Drain')));
    }));
  return h('section', { class: 'panel endpoints', 'aria-labelledby': 'endpoints-title' },
    h('header', {}, h('h2', { id: 'endpoints-title' }, 'Endpoints')),
    h('table', { class: 'figures' },
      h('thead', {}, h('tr', {}, ['Address', 'State', 'Req/s'].map((text) => h('th', { scope: 'col' }, text)),
        h('th', { scope: 'col', class: 'wide' }, 'Failed'),
        h('th', { scope: 'col' }, h('span', { class: 'sr' }, 'Action')))),
      h('tbody', {}, rows)));
}

function whyPanel(route, store) {
  const entries = store.entriesOf(route.name).slice(0, 12);
  return h('section', { class: 'panel why', 'aria-labelledby': 'why-title' },
    h('header', {}, h('h2', { id: 'why-title' }, 'Why')),
    entries.length === 0 ? h('p', { class: 'muted' }, 'Nothing has been changed yet.') : h('ol', { tabindex: 0, 'aria-label': 'events' }, entries.map((entry) =>
      h('li', { key: entry.id, class: isBad(entry.action) && 'bad' },
        h('time', { datetime: entry.time, title: ago(entry.time, store.now) }, clock(entry.time)),
        h('div', {}, h('b', {}, actionText(entry.action)), ' by ', entry.actor,
          entry.before && entry.after && h('span', { class: 'muted' }, ' ', inShares(entry.before), ' → ', inShares(entry.after)),
          entry.reason && reason(entry.reason))))));
}

/** A reason may go on with lines of figures, further in. */
function reason(text) {
  const lines = text.split('\n');
  const figures = lines.filter((line) => line.startsWith('  '));
  return [
    h('p', {}, unbroken(lines.filter((line) => !figures.includes(line)).join('\n'))),
    figures.length > 0 && h('dl', { class: 'judge' }, figureLines(figures.join('\n'))),
  ];
}

/** A rollout's own weights are no news, and the ladder shows them. */
const NOTICES = { revert: 'bad', rollout: '' };
const KINDS = { switch: 'Switched', weights: 'Weights set', revert: 'Reverted', rollout: 'Moved by the rollout' };

function overrideNotice(route, store, act) {
  const over = route.override;
  if (!over) return null;
  const left = over.expiresAt ? (Date.parse(over.expiresAt) - store.now) / 1000 : null;
  return h('section', { class: 'notice ' + (NOTICES[over.kind] ?? 'wait'), 'aria-label': 'override' },
    h('div', {},
      h('b', {}, KINDS[over.kind] ?? over.kind), ' by ', over.actor, ' ', ago(over.time, store.now),
      left !== null && ', ends in ' + span(left), '. ',
      h('span', { class: 'muted' }, 'The file says ', weightsText(route.desiredWeights), '.'),
      over.drift && h('b', { class: 'drift' }, ' The file has changed since (drift).'),
      over.reason && over.kind !== 'rollout' && h('p', {}, unbroken(over.reason))),
    h('button', { class: 'small', onclick: act.clear }, 'Back to the file ', h('kbd', {}, 'o')));
}

/** What may be done, with the key for it. The revert is always there. */
function toolbar(route, figures, act) {
  const rollout = figures.rollout ?? route.rollout;
  const may = new Set(verbs(rollout));
  const button = (key, text, run, enabled, className, why) => h('button', {
    key: text, onclick: run, disabled: !enabled, class: className ?? '', 'aria-keyshortcuts': key, title: enabled ? null : why,
  }, text, ' ', h('kbd', {}, key));
  const phase = rollout ? 'not while ' + rollout.phase : '';
  return h('div', { class: 'toolbar', role: 'group', 'aria-label': 'actions' },
    rollout && (may.has('start') || may.has('retry')) && button('t', may.has('retry') ? 'Retry' : 'Start', act.start, true, 'main'),
    rollout && (may.has('resume')
      ? button('p', 'Resume', act.pause, true, 'main')
      : button('p', 'Pause', act.pause, may.has('pause'), '', phase)),
    rollout && button('n', rollout.waitingFor === 'approval' ? 'Approve' : 'Promote', act.promote, may.has('promote'), '', phase),
    button('s', 'Switch', act.switch, true),
    button('w', 'Weights', act.weights, true),
    button('x', 'Revert', act.revert, true, 'danger'));
}

/**
 * The page of a route.
 *
 * @param act what the buttons do
 * @param extra {charts, figuresOpen, differences} that live longer than one rendering
 */
export function routePage(route, store, act, extra) {
  const hue = hues(route);
  const figures = store.figures(route.name);
  const rollout = figures.rollout ?? route.rollout;
  const [words, tone] = guardState(route.guard);
  const pools = route.variants.map((variant) => variant.pool);
  const past = Object.fromEntries(pools.map((pool) => [pool, store.past(route.name, pool)]));
  return [
    h('div', { class: 'head', key: 'head-' + route.name },
      h('h1', { tabindex: -1 }, route.name), h('span', { class: 'chip ' + tone }, words), toolbar(route, figures, act)),
    overrideNotice(route, store, act),
    h('div', { class: 'grid', key: 'grid-' + route.name },
      h('div', { class: 'column', key: 'traffic' },
        splitPanel(route, store, hue),
        h('div', { class: 'charts' }, extra.charts.panels(pools, hue, past, store.entriesOf(route.name))),
        whyPanel(route, store),
        extra.differences),
      h('div', { class: 'column', key: 'judgement' },
        rollout && rolloutPanel(rollout, route.guard),
        guardPanel(route, figures, hue, extra.figuresOpen),
        endpointsPanel(route, store, hue, act))),
  ];
}

/** All routes at a glance, and the way from one to the other. */
export function routeStrip(store, current) {
  if (store.status.routes.length < 2) return null;
  return h('nav', { class: 'strip', 'aria-label': 'routes' }, store.status.routes.map((route, i) => {
    const [words, tone] = guardState(route.guard);
    return h('a', { key: route.name, href: '#/routes/' + encodeURIComponent(route.name), 'aria-current': route.name === current && 'page' },
      h('span', { class: 'state ' + tone, title: words }, h('span', { class: 'sr' }, words)), route.name,
      i < 9 && h('kbd', {}, i + 1),
      weightBar(route, { variants: {} }, hues(route)));
  }));
}
