// Breaking a backend on purpose. Only the demo has these calls; anywhere else the panel does not exist.

import { change, look } from './api.js';
import { h } from './dom.js';

const CALL = '/demo/backends';

function backend(one, set) {
  const put = (what) => set(one.name, { ...one, ...what });
  return h('fieldset', { key: one.name, 'data-hue': one.name },
    h('legend', {}, h('i', { class: 'swatch' }), one.name),
    h('label', {}, 'errors', h('input', { type: 'range', min: 0, max: 100, step: 1, value: one.errorPercent,
      'aria-valuetext': one.errorPercent + ' %', onchange: (event) => put({ errorPercent: Number(event.target.value) }) }),
    h('output', {}, one.errorPercent + ' %')),
    h('label', {}, 'slower by', h('input', { type: 'range', min: 0, max: 500, step: 10, value: one.delayMillis,
      'aria-valuetext': one.delayMillis + ' ms', onchange: (event) => put({ delayMillis: Number(event.target.value) }) }),
    h('output', {}, one.delayMillis + ' ms')),
    h('div', { class: 'modes' }, [['ok', 'Works'], ['hang', 'Hangs'], ['crash', 'Crashed']].map(([mode, text]) =>
      h('button', { key: mode, type: 'button', class: 'small', 'aria-pressed': String(one.mode === mode), onclick: () => put({ mode }) }, text))));
}

export class Demo {
  constructor(onChange) {
    this.backends = null;
    this.onChange = onChange;
  }

  /** Finds out whether this is the demo, and how its backends do. */
  async look() {
    const { calls } = await (await look('/console/extras.json')).json();
    this.backends = calls.includes('GET ' + CALL) ? (await (await look(CALL)).json()).backends : null;
    this.onChange();
  }

  async #set(name, wanted) {
    const { errorPercent, delayMillis, mode } = wanted;
    const answer = await change('PUT', CALL + '/' + name, { errorPercent, delayMillis, mode });
    this.backends = answer.backends;
    this.onChange();
  }

  panel() {
    if (!this.backends) return null;
    return h('aside', { class: 'demo', key: 'demo', 'aria-label': 'demo: break a backend' },
      h('b', {}, 'Demo'), h('span', { class: 'muted' }, 'break a backend and watch'),
      this.backends.map((one) => backend(one, (name, wanted) => this.#set(name, wanted))));
  }
}
