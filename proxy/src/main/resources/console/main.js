// Puts the console together: events in, pages out, keys and links in between.

import { change, look, lookIfThere, setToken, token } from './api.js';
import { auditPage } from './audit.js';
import { Charts } from './charts.js';
import { configPage } from './config.js';
import { Demo } from './demo.js';
import { Actions, Dialog } from './dialogs.js';
import { differencesPanel } from './differences.js';
import { h, render } from './dom.js';
import { Feed } from './feed.js';
import { ago, clock } from './format.js';
import { routePage, routeStrip } from './route.js';
import { Store } from './store.js';

const byId = (id) => document.getElementById(id);

const store = new Store();
const state = { link: 'connecting', reason: null, filter: '', audit: null, yaml: null, yamlOf: null, evidence: null, isOpen: innerWidth >= 1080, differences: null };
const charts = new Charts(() => draw());
const demo = new Demo(() => draw());
const dialog = new Dialog(byId('dialog'), (answer) => answer && toast(answer.changed === false ? 'Nothing to change: ' + answer.summary : answer.summary));
const actions = new Actions(dialog, current);
const feed = new Feed(onEvent, onLink);

// What is shown

function place() {
  const [, page = 'routes', name] = location.hash.split('/');
  return { page, name: name === undefined ? null : decodeURIComponent(name) };
}

function routeName() {
  const routes = store.status?.routes ?? [];
  const { name } = place();
  return routes.some((route) => route.name === name) ? name : routes[0]?.name;
}

function current() {
  const route = store.route(routeName());
  return { route, rollout: store.figures(route.name).rollout ?? route.rollout, generation: store.status.generation };
}

let drawing = false;

/** Draws once, however often it is asked for until the next frame. */
function draw() {
  if (drawing) return;
  drawing = true;
  // Not requestAnimationFrame: a page in the background should be right when it comes to the front.
  setTimeout(() => {
    drawing = false;
    drawNow();
  }, 0);
}

function drawNow() {
  const { page } = place();
  for (const link of document.querySelectorAll('#tabs a')) {
    link.setAttribute('aria-current', link.dataset.page === page ? 'page' : 'false');
  }
  document.body.classList.toggle('stale', state.link === 'stale');
  render(byId('link'), linkState());
  render(byId('banner'), [staleBanner(), configBanner()]);
  if (!store.status) return;
  document.title = (store.status.routes.some((route) => route.guard.state === 'reverted') ? '● ' : '') + 'Turnout';
  render(byId('main'), page === 'audit' ? auditPage(entries(), { text: state.filter, set: setFilter })
    : page === 'config' ? configPage(store, state.yaml, reload) : routes());
}

function routes() {
  const route = store.route(routeName());
  if (!route) return h('p', { class: 'muted' }, 'The configuration has no route.');
  const figuresOpen = { isOpen: state.isOpen, evidence: state.evidence, toggle: openFigures };
  return [routeStrip(store, route.name), ...[routePage(route, store, actions, { charts, figuresOpen, differences: differencesPanel(state.differences) })].flat(), demo.panel()];
}

function linkState() {
  const generation = store.status && h('span', { class: 'muted wide' }, 'generation ', h('b', {}, store.status.generation));
  const words = { live: 'live', stale: 'stale', connecting: 'connecting', token: 'needs a token' }[state.link];
  const tone = { live: 'good', stale: 'bad' }[state.link] ?? 'wait';
  return [generation, h('span', { class: 'chip ' + tone }, words)];
}

function staleBanner() {
  if (state.link !== 'stale') return null;
  return h('div', { class: 'notice bad', key: 'stale', role: 'alert' }, h('div', {},
    h('b', {}, 'No news from Turnout'), store.now > 0 && ' since ' + clock(store.now) + '. What you see is from then.', ' Trying to reconnect.'));
}

function configBanner() {
  const last = store.status?.config.lastReload;
  if (!last || last.ok || place().page === 'config') return null;
  return h('div', { class: 'notice bad', key: 'config' },
    h('div', {}, h('b', {}, 'The changed configuration was refused'), ' ', ago(last.time, store.now), ', ',
      last.problems.length, last.problems.length === 1 ? ' problem' : ' problems', '. What was in force before still is.'),
    h('a', { href: '#/config' }, 'See why'));
}

// What comes in

function onEvent(name, data) {
  const fresh = store.take(name, data);
  if (store.restarted) toast('Turnout was restarted');
  store.restarted = false;
  fresh.filter((entry) => entry.action === 'revert').forEach((entry) => toast(entry.actor + ' reverted ' + entry.subject, 'bad'));
  if (fresh.length > 0 && state.audit) state.audit = [...fresh, ...state.audit];
  if (name === 'snapshot' || name === 'status') onStatus();
  draw();
}

/** The text of the configuration is fetched again when it may have changed. */
function onStatus() {
  if (place().page === 'config' && state.yamlOf !== store.status.generation) quietly(loadPage);
}

function onLink(link, reason) {
  if (link === state.link && link !== 'token') return;
  const before = state.link;
  state.link = link;
  state.reason = reason;
  if (link === 'token') askToken();
  if (link === 'live' && before !== 'live') {
    quietly(() => demo.look());
    quietly(loadPage);
    if (before === 'stale') toast('Live again');
    if (dialog.shown?.isToken) byId('dialog').close();
  }
  draw();
}

function askToken() {
  const wasWrong = token() !== null;
  setToken(null);
  dialog.open({
    title: 'Token',
    ask: false,
    isToken: true,
    confirm: 'Enter',
    body: () => [
      h('p', {}, wasWrong ? 'The token was not accepted.' : 'This Turnout asks for a token.', ' It is kept until this tab is closed.'),
      h('label', {}, 'Token', h('input', { name: 'token', type: 'password', 'data-first': true, required: true, autocomplete: 'off' })),
    ],
    run: async (_, __, fields) => {
      setToken(fields.get('token').trim());
      feed.connect();
      return null;
    },
  });
}

// What is asked for besides the events

function entries() {
  return state.audit ?? store.audit;
}

function setFilter(text) {
  state.filter = text;
  draw();
}

async function loadPage() {
  const { page } = place();
  if (page === 'audit') {
    const all = await (await look('/api/v1/audit?limit=500')).json();
    state.audit = Array.isArray(all) ? all : all.entries;
  } else if (page === 'config') {
    state.yamlOf = store.status?.generation ?? null;
    state.yaml = await (await look('/api/v1/config')).text();
  } else {
    await loadRoute();
  }
  draw();
}

/** Figures that are asked for only while somebody looks at them. */
async function loadRoute() {
  const name = routeName();
  if (!name || document.hidden || state.link !== 'live') return;
  const base = '/api/v1/routes/' + encodeURIComponent(name);
  if (state.isOpen) state.evidence = await lookIfThere(base + '/evidence');
  state.differences = await lookIfThere(base + '/differences');
}

function openFigures(isOpen) {
  if (isOpen === state.isOpen) return;
  state.isOpen = isOpen;
  quietly(loadPage);
}

function quietly(task) {
  // The link's state says already when Turnout does not answer.
  task().catch(() => {});
}

function reload() {
  dialog.open({
    title: 'Reload the configuration',
    confirm: 'Reload',
    ask: true,
    body: () => h('p', {}, 'Reads the file again now. If it has errors, what is in force stays in force.'),
    run: (_, reason) => change('POST', '/api/v1/config/reload', { reason }),
  });
}

// Words to people

const TOASTS = 2;

function toast(text, tone = '') {
  const node = document.createElement('p');
  node.className = 'toast ' + tone;
  node.textContent = text;
  byId('toasts').append(node);
  while (byId('toasts').childElementCount > TOASTS) byId('toasts').firstElementChild.remove();
  setTimeout(() => node.remove(), tone === 'bad' ? 9000 : 4500);
}

const KEYS = [
  ['s', 'switch all traffic to one pool'], ['w', 'set weights'], ['x', 'revert'], ['p', 'pause or resume the rollout'],
  ['n', 'promote the rollout'], ['t', 'start or retry the rollout'], ['o', 'end the override, back to the file'],
  ['1 … 9', 'go to a route'], ['j  k', 'next, previous route'], ['r', 'routes'], ['c', 'configuration'], ['a', 'audit'],
  ['l', 'reload the configuration'], ['/', 'find in the audit'], ['?', 'this list'], ['Esc', 'close'],
];

function help() {
  dialog.open({
    title: 'Keys',
    confirm: null,
    body: () => h('dl', { class: 'keys' }, KEYS.flatMap(([key, text]) => [h('dt', { key }, h('kbd', {}, key)), h('dd', { key: text }, text)])),
  });
}

function goTo(page) {
  location.hash = '#/' + page;
}

function step(by) {
  const names = store.status.routes.map((route) => route.name);
  const next = names[(names.indexOf(routeName()) + by + names.length) % names.length];
  goTo('routes/' + encodeURIComponent(next));
}

function nth(number) {
  const route = store.status.routes[number - 1];
  if (route) goTo('routes/' + encodeURIComponent(route.name));
}

const ANYWHERE = {
  '?': help, r: () => goTo('routes'), c: () => goTo('config'), a: () => goTo('audit'), l: reload,
  '/': () => { goTo('audit'); setTimeout(() => document.querySelector('input[type=search]')?.focus(), 50); },
};
const ON_ROUTE = {
  s: actions.switch, w: actions.weights, x: actions.revert, p: actions.pause, n: actions.promote, t: actions.start, o: actions.clear,
  j: () => step(1), k: () => step(-1),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input:not([type=range], [type=radio], [type=checkbox]), select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey || typing || byId('dialog').open || !store.status) return;
  const onRoute = place().page === 'routes' && store.status.routes.length > 0;
  const run = ANYWHERE[event.key] ?? (onRoute ? ON_ROUTE[event.key] : null) ?? (/^[1-9]$/.test(event.key) ? () => nth(Number(event.key)) : null);
  if (!run) return;
  event.preventDefault();
  run();
});

addEventListener('hashchange', () => {
  state.evidence = state.differences = null;
  drawNow();
  document.querySelector('h1')?.focus({ preventScroll: true });
  quietly(loadPage);
});
byId('help').onclick = help;
setInterval(() => quietly(async () => place().page === 'routes' && loadPage()), 2000);
feed.connect();
quietly(loadPage);
draw();
