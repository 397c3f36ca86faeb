// What became of the copies of each mirror, and in what its answers differ from those that clients got.

import { h } from './dom.js';
import { count, exact, millis, NONE, percent } from './format.js';

const FIELDS_SHOWN = 8;

function sum(byReason) {
  return Object.values(byReason ?? {}).reduce((a, b) => a + b, 0);
}

/** Names of reasons are those of the metrics; people read words. */
function words(reason) {
  return reason.replaceAll('_', ' ');
}

function figure(name, value, tone) {
  return h('div', { key: name, class: value > 0 && tone }, h('dt', {}, name), h('dd', {}, count(value)));
}

function figures(copies, comparison) {
  return h('dl', { class: 'fates' },
    figure('chosen', copies.chosen), figure('sent', copies.sent), figure('answered', copies.completed),
    figure('of them 5xx', copies.serverErrors, 'lost'), figure('running', copies.active),
    figure('dropped', sum(copies.dropped), 'lost'), figure('failed', sum(copies.failed), 'lost'),
    comparison && figure('compared', comparison.compared),
    comparison && figure('not compared', sum(comparison.notCompared), 'lost'));
}

function reasons(title, byReason) {
  const entries = Object.entries(byReason ?? {});
  return entries.length > 0 && h('p', { key: title, class: 'reasons' }, title, ': ',
    entries.map(([reason, n], i) => [i > 0 && ', ', words(reason), ' ', h('b', {}, count(n))]));
}

function latency(mirror) {
  const row = (name, of) => h('tr', { key: name }, h('th', { scope: 'row' }, name),
    ['p50', 'p95', 'p99'].map((q) => h('td', {}, millis(of[q]))));
  const times = (q) => mirror.primaryLatency[q] ? (mirror.shadowLatency[q] / mirror.primaryLatency[q]).toFixed(2) + '×' : NONE;
  return h('table', { class: 'figures' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Latency'),
      ['p50', 'p95', 'p99'].map((q) => h('th', { scope: 'col' }, q)))),
    h('tbody', {}, row('primary', mirror.primaryLatency), row(mirror.pool, mirror.shadowLatency),
      h('tr', { key: 'ratio', class: 'muted' }, h('th', { scope: 'row' }, 'ratio'), ['p50', 'p95', 'p99'].map((q) => h('td', {}, times(q))))));
}

function sample(one) {
  return h('li', {}, h('code', {}, one.request),
    h('div', { class: 'pair' }, h('span', {}, 'primary'), h('code', {}, one.primary), h('span', {}, 'shadow'), h('code', {}, one.shadow)));
}

/** @param noisy whether noise is measured at all */
function field(one, noisy) {
  return h('li', { key: one.field, class: one.flagged && 'flagged' },
    h('div', {}, h('code', {}, one.field), ' ', h('b', {}, count(one.different), ' different'),
      noisy && h('span', { class: 'muted' }, ', ' + count(one.noise) + ' by noise'),
      !one.flagged && h('span', { class: 'muted' }, ', within the noise')),
    one.flagged && one.samples.length > 0 && h('details', {},
      h('summary', {}, one.samples.length === 1 ? 'a sample' : one.samples.length + ' samples'), h('ul', {}, one.samples.map(sample))));
}

function comparison(found, noisy) {
  const more = found.fields.length - FIELDS_SHOWN;
  return [
    h('p', { key: 'verdict', class: 'verdict' }, found.compared === 0 ? 'No answers compared yet.'
      : [h('b', { class: found.different > 0 ? 'differs' : '' }, percent(found.rate), ' different'), ' of ' + count(found.compared) + ' compared',
        found.different > 0 && ', ' + count(found.different) + (found.different === 1 ? ' request' : ' requests')]),
    reasons('By class, noise included', found.differentByClass),
    reasons('Not compared', found.notCompared),
    reasons('Compared without their bodies', found.bodyNotCompared),
    h('ul', { key: 'fields', class: 'fields-found' }, found.fields.slice(0, FIELDS_SHOWN).map((one) => field(one, noisy)),
      more > 0 && h('li', { key: 'more', class: 'muted' }, 'and ' + count(more) + ' more: turnout diff shows them'),
      found.fieldsNotKept > 0 && h('li', { key: 'lost', class: 'muted' }, count(found.fieldsNotKept) + ' differences in fields for which there was no room')),
  ];
}

function article(mirror) {
  return h('article', { key: mirror.pool, class: 'mirror' },
    h('h3', {}, mirror.pool, ' ', h('small', {}, exact(mirror.percent / 100), ' of requests copied', mirror.control && ', noise measured by ' + mirror.control)),
    figures(mirror.copies, mirror.comparison),
    reasons('Dropped', mirror.copies.dropped), reasons('Failed', mirror.copies.failed),
    mirror.controlCopies && reasons('Copies to ' + mirror.control + ' lost', { ...mirror.controlCopies.dropped, ...mirror.controlCopies.failed }),
    latency(mirror),
    mirror.comparison ? comparison(mirror.comparison, mirror.control !== null)
      : h('p', { key: 'verdict', class: 'muted' }, 'Answers are thrown away: the mirror has no compare.'));
}

/** Null where nothing is mirrored. */
export function differencesPanel(report) {
  const mirrors = report?.mirrors ?? [];
  if (mirrors.length === 0) return null;
  return h('section', { class: 'panel differences', key: 'differences', 'aria-labelledby': 'differences-title' },
    h('header', {}, h('h2', { id: 'differences-title' }, 'Mirror')), mirrors.map(article));
}
