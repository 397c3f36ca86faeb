// Every action is staged: what will happen is shown in words and as bars, a reason is asked for, and only then is it sent.

import { actor, change, Refused, setActor, token } from './api.js';
import { h, render } from './dom.js';
import { percent, share, weightsText } from './format.js';
import { weightBar } from './route.js';
import { hues, roles } from './store.js';
import { verbs } from './steps.js';

const LIFETIMES = [['', 'until changed'], ['10m', '10 minutes'], ['30m', '30 minutes'], ['2h', '2 hours'], ['24h', '24 hours']];

/** The one dialog of the page. */
export class Dialog {
  constructor(node, onDone) {
    this.node = node;
    this.onDone = onDone;
    this.shown = null;
    // Told later: somebody with fast fingers may have opened it again by then.
    node.addEventListener('close', () => { if (!node.open) { this.shown = null; render(node, []); } });
    // A click beside it is a no.
    node.addEventListener('click', (event) => event.target === node && node.close());
  }

  /**
   * @param shown {title, body(state) -> nodes, confirm, danger, state, ask, run(state, reason) -> Promise of an answer}
   */
  open(shown) {
    if (this.node.open) return;
    this.shown = { state: {}, ask: true, ...shown, problem: null, busy: false };
    this.#draw();
    this.node.showModal();
    (this.node.querySelector('[data-first]') ?? this.node.querySelector('.confirm') ?? this.node.querySelector('button'))?.focus();
  }

  set(change) {
    Object.assign(this.shown.state, change);
    this.#draw();
  }

  #draw() {
    const { title, body, confirm, danger, state, ask, problem, busy } = this.shown;
    this.node.setAttribute('aria-labelledby', 'dialog-title');
    render(this.node, h('form', { onsubmit: (event) => this.#submit(event), autocomplete: 'off' },
      h('h2', { id: 'dialog-title' }, title),
      body(state),
      ask && confirm && h('div', { class: 'fields' },
        h('label', {}, 'Reason', h('input', { name: 'reason', maxlength: 500, placeholder: 'for the audit' })),
        !token() && h('label', {}, 'Your name', h('input', { name: 'actor', maxlength: 100, value: actor(), placeholder: 'anonymous' }))),
      problem && h('div', { class: 'notice bad', role: 'alert' }, h('div', {}, h('b', {}, problem.title), h('p', {}, problem.text),
        problem.list.length > 0 && h('ul', {}, problem.list.map((text) => h('li', {}, text))))),
      h('div', { class: 'buttons' },
        h('button', { type: 'button', onclick: () => this.node.close() }, confirm ? 'Cancel' : 'Close', ' ', h('kbd', {}, 'Esc')),
        confirm && h('button', { type: 'submit', class: 'confirm ' + (danger ? 'danger' : 'main'), disabled: busy || state.blocked === true },
          typeof confirm === 'function' ? confirm(state) : confirm, ' ', h('kbd', {}, '↵')))));
  }

  async #submit(event) {
    event.preventDefault();
    const shown = this.shown;
    if (!shown.run || shown.busy || shown.state.blocked) return;
    const fields = new FormData(event.target);
    if (fields.has('actor')) setActor(fields.get('actor').trim());
    shown.busy = true;
    this.#draw();
    try {
      const answer = await shown.run(shown.state, fields.get('reason')?.trim() || null, fields);
      this.node.close();
      this.onDone(answer);
    } catch (failure) {
      shown.busy = false;
      shown.problem = described(failure);
      shown.onRefused?.(failure);
      if (this.shown === shown) this.#draw();
    }
  }
}

function described(failure) {
  if (!(failure instanceof Refused)) {
    return { title: 'Turnout did not answer', text: failure.message + '. Look at the state before you try again.', list: [] };
  }
  const checks = failure.checks.map((check) => (check.passed ? '✓ ' : '✗ ') + check.name + (check.text ? ': ' + check.text : ''));
  const problems = failure.problems.map((one) => [one.path, 'found ' + one.found, 'expected ' + one.expected].filter(Boolean).join(', '));
  return { title: failure.title, text: failure.message, list: [...checks, ...problems] };
}

function beforeAfter(route, weights) {
  const hue = hues(route);
  const bar = (title, of) => h('div', { class: 'staged' }, h('span', {}, title), weightBar({ ...route, weights: of }, { variants: {} }, hue));
  return h('div', {}, bar('now', route.weights), bar('then', weights));
}

function path(route, rest) {
  return '/api/v1/routes/' + encodeURIComponent(route.name) + rest;
}

/** What the buttons and keys of a route do. */
export class Actions {
  /** @param current () -> {route, rollout, generation} as shown at this moment */
  constructor(dialog, current) {
    this.dialog = dialog;
    this.current = current;
    for (const verb of ['start', 'pause', 'promote', 'switch', 'weights', 'revert', 'clear', 'endpoint']) {
      this[verb] = this[verb].bind(this);
    }
  }

  switch() {
    const { route, generation } = this.current();
    const pools = Object.keys(route.weights);
    const full = pools.find((pool) => share(route.weights[pool], route.weights) === 1);
    const { stable, canary } = roles(route);
    const to = full ? pools.find((pool) => pool !== full) : (canary ?? stable);
    if (!to) return;
    this.dialog.open({
      title: 'Switch ' + route.name,
      state: { to, force: false },
      confirm: (state) => 'Switch to ' + state.to,
      body: (state) => [
        h('fieldset', { class: 'choices' }, h('legend', {}, 'All following requests go to'), pools.map((pool, i) =>
          h('label', { key: pool, 'data-hue': hues(route)[pool] },
            h('input', { type: 'radio', name: 'to', value: pool, checked: pool === state.to, 'data-first': pool === to || null,
              onchange: () => this.dialog.set({ to: pool }) }), h('i', { class: 'swatch' }), pool))),
        beforeAfter(route, Object.fromEntries(pools.map((pool) => [pool, pool === state.to ? 1 : 0]))),
        h('p', { class: 'muted' }, 'In force with the next request on every connection. The guard watches the new side and takes the switch back on a breach.'),
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: state.force,
          onchange: (event) => this.dialog.set({ force: event.target.checked }) }), 'Skip the checks of the new side'),
      ],
      run: (state, reason) => change('POST', path(route, '/switch'), { to: state.to, force: state.force, reason }, generation),
    });
  }

  weights() {
    const { route, generation } = this.current();
    const pools = Object.keys(route.weights);
    const { stable, canary } = roles(route);
    const sum = Object.values(route.weights).reduce((a, b) => a + b, 0);
    const weights = Object.fromEntries(pools.map((pool) => [pool, Math.round((10000 * route.weights[pool]) / sum) / 100]));
    const isPair = pools.length === 2 && canary !== null;
    const set = (pool, value) => {
      const next = { ...this.dialog.shown.state.weights, [pool]: value };
      if (isPair) next[pool === canary ? stable : canary] = Math.round(100 * (100 - value)) / 100;
      const valid = Object.values(next).every((n) => n >= 0 && n <= 100) && Object.values(next).some((n) => n > 0);
      this.dialog.set({ weights: next, blocked: !valid });
    };
    this.dialog.open({
      title: 'Weights of ' + route.name,
      state: { weights, ttl: '' },
      confirm: (state) => 'Set ' + weightsText(state.weights),
      body: (state) => [
        (isPair ? [canary] : pools).map((pool) => h('div', { class: 'slider', key: pool, 'data-hue': hues(route)[pool] },
          h('label', { for: 'weight-' + pool }, h('i', { class: 'swatch' }), pool),
          h('input', { id: 'weight-' + pool, type: 'range', min: 0, max: 100, step: 1, value: state.weights[pool], 'data-first': true,
            'aria-valuetext': percent(share(state.weights[pool], state.weights)), oninput: (event) => set(pool, Number(event.target.value)) }),
          h('input', { type: 'number', min: 0, max: 100, step: 'any', value: state.weights[pool], 'aria-label': 'weight of ' + pool + ' in percent',
            oninput: (event) => event.target.value !== '' && set(pool, Number(event.target.value)) }), '%')),
        beforeAfter(route, state.weights),
        h('label', {}, 'For', h('select', { onchange: (event) => this.dialog.set({ ttl: event.target.value }) },
          LIFETIMES.map(([value, text]) => h('option', { value, key: text }, text)))),
      ],
      run: (state, reason) => {
        const whole = Object.fromEntries(Object.entries(state.weights).map(([pool, n]) => [pool, Math.round(n * 10000)]));
        return change('PUT', path(route, '/weights'), { weights: whole, reason, ttl: state.ttl || null }, generation);
      },
    });
  }

  /** Never held up by what has changed meanwhile: it names no generation, and skips the checks of the trusted side. */
  revert() {
    const { route, rollout } = this.current();
    const { stable } = roles(route);
    const byRollout = verbs(rollout).includes('revert');
    const pools = Object.keys(route.weights);
    this.dialog.open({
      title: 'Revert ' + route.name,
      danger: true,
      confirm: 'Revert to ' + stable,
      body: () => [
        h('p', {}, 'All traffic goes back to ', h('b', {}, stable), byRollout ? ', and the rollout stays reverted until it is started again.' : '.'),
        beforeAfter(route, Object.fromEntries(pools.map((pool) => [pool, pool === stable ? 1 : 0]))),
      ],
      run: (_, reason) => byRollout
        ? change('POST', path(route, '/rollout/revert'), { reason })
        : change('POST', path(route, '/switch'), { to: stable, force: true, reason }),
    });
  }

  start() {
    const { route, rollout } = this.current();
    const verb = verbs(rollout).includes('retry') ? 'retry' : 'start';
    if (!verbs(rollout).includes(verb)) return;
    this.#rollout(route, verb, verb === 'retry' ? 'Retry' : 'Start', rollout.next || 'The rollout begins with its first step.');
  }

  pause() {
    const { route, rollout } = this.current();
    if (verbs(rollout).includes('resume')) {
      this.#rollout(route, 'resume', 'Resume', 'The rollout goes on from where it stands.');
    } else if (verbs(rollout).includes('pause')) {
      this.#rollout(route, 'pause', 'Pause', 'The weights stay as they are. The guard still judges, and still reverts.');
    }
  }

  promote() {
    const { route, rollout } = this.current();
    if (!verbs(rollout).includes('promote')) return;
    if (rollout.waitingFor === 'approval') {
      this.#rollout(route, 'promote', 'Approve', 'Approves the next step: ' + rollout.next);
      return;
    }
    this.dialog.open({
      title: 'Promote ' + route.name,
      state: { full: false },
      confirm: (state) => (state.full ? 'Promote to 100 %' : 'Promote one step'),
      body: (state) => [
        h('p', {}, 'The rollout goes to its next step now, without waiting for more evidence. By itself: ' + rollout.next),
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: state.full, 'data-first': true,
          onchange: (event) => this.dialog.set({ full: event.target.checked }) }), 'All the way: the canary gets everything'),
      ],
      run: (state, reason) => change('POST', path(route, '/rollout/promote'), { full: state.full, reason }),
    });
  }

  #rollout(route, verb, confirm, sentence) {
    this.dialog.open({
      title: confirm + ' the rollout of ' + route.name,
      confirm,
      body: () => h('p', {}, sentence),
      run: (_, reason) => change('POST', path(route, '/rollout/' + verb), { reason }),
    });
  }

  clear() {
    const { route, generation } = this.current();
    if (!route.override) return;
    this.dialog.open({
      title: 'Back to the file',
      confirm: 'End the override',
      body: () => [h('p', {}, 'The weights of the file are in force again.'), beforeAfter(route, route.desiredWeights)],
      run: (_, reason) => change('DELETE', path(route, '/override'), { reason }, generation),
    });
  }

  endpoint(pool, address, verb) {
    this.dialog.open({
      title: (verb === 'drain' ? 'Drain ' : 'Resume ') + address,
      confirm: verb === 'drain' ? 'Drain' : 'Resume',
      body: () => h('p', {}, verb === 'drain'
        ? 'The endpoint of ' + pool + ' gets no new requests; those in progress end.'
        : 'The endpoint of ' + pool + ' gets requests again.'),
      run: (_, reason) => change('POST', '/api/v1/pools/' + encodeURIComponent(pool) + '/endpoints/' + encodeURIComponent(address) + '/' + verb, { reason }),
    });
  }
}
