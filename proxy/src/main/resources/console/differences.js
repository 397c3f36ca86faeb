// What became of the copies of a mirror, and what its answers had different from the primary's.

import { h } from './dom.js';
import { count, exact, millis, percent } from './format.js';

function sum(byReason) {
  return Object.values(byReason ?? {}).reduce((a, b) => a + b, 0);
}

function reasons(byReason) {
  return Object.entries(byReason ?? {}).map(([reason, n]) => reason + ' ' + count(n)).join(', ');
}

function copies(mirror) {
  const { chosen, completed, dropped, failed } = mirror.copies;
  const figure = (name, value, title) => h('span', { title: title || null }, name, ' ', h('b', {}, value));
  return h('p', { class: 'copies' },
    figure('copied', count(chosen)), figure('answered', count(completed)),
    figure('dropped', count(sum(dropped)), reasons(dropped)), figure('failed', count(sum(failed)), reasons(failed)),
    figure('p50', millis(mirror.primaryLatency.p50) + ' → ' + millis(mirror.shadowLatency.p50)),
    figure('p99', millis(mirror.primaryLatency.p99) + ' → ' + millis(mirror.shadowLatency.p99)));
}

function sample(one) {
  return h('li', {}, h('code', {}, one.request), ' ', h('span', { class: 'muted' }, 'primary '), h('code', {}, one.primary),
    h('span', { class: 'muted' }, ' shadow '), h('code', {}, one.shadow));
}

function field(one) {
  return h('li', { key: one.field, class: one.flagged && 'flagged' },
    h('div', {}, h('code', {}, one.field), ' ', h('b', {}, count(one.different), ' different'),
      one.noise > 0 && h('span', { class: 'muted' }, ', ' + count(one.noise) + ' by noise'),
      !one.flagged && h('span', { class: 'muted' }, ', within the noise')),
    one.flagged && h('ul', {}, one.samples.slice(0, 2).map(sample)));
}

function comparison({ compared, different, rate, fields }) {
  return [
    h('p', { class: 'verdict' }, h('b', {}, percent(rate), ' different'), ' of ' + count(compared) + ' compared',
      different > 0 && ', ' + count(different) + ' requests'),
    h('ul', { class: 'fields-found' }, fields.slice(0, 8).map(field)),
  ];
}

/** Null where nothing is mirrored. */
export function differencesPanel(report) {
  const mirrors = report?.mirrors ?? [];
  if (mirrors.length === 0) return null;
  return h('section', { class: 'panel differences', key: 'differences', 'aria-labelledby': 'differences-title' },
    h('header', {}, h('h2', { id: 'differences-title' }, 'Mirror')),
    mirrors.map((mirror) => h('article', { key: mirror.pool },
      h('h3', {}, mirror.pool, ' ', h('small', {}, exact(mirror.percent / 100), ' copied', mirror.control && ', noise measured by ' + mirror.control)),
      copies(mirror), mirror.comparison && comparison(mirror.comparison))));
}
