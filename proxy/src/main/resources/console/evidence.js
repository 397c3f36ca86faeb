// The guard of a route: how much speaks against each variant on trial, on a scale of odds up to where it is reverted.

import { h } from './dom.js';
import { odds, span, unbroken } from './format.js';

const STATES = {
  off: ['Not judged', 'idle'],
  watching: ['Nothing wrong', 'good'],
  holding: ['Gathering evidence', 'wait'],
  reverted: ['Reverted', 'bad'],
  sharedIncident: ['Both sides are bad', 'bad'],
};

export function guardState(guard) {
  return STATES[guard?.state ?? 'off'] ?? [guard.state, 'wait'];
}

/** Where odds stand between one to one, at 0, and the limit, at 1. */
function position(value, limit) {
  return value <= 1 ? 0 : Math.min(1, Math.log10(value) / Math.log10(limit));
}

function ticks(limit) {
  const marks = [1];
  while (marks.at(-1) * 10 < limit) marks.push(marks.at(-1) * 10);
  return [...marks, limit];
}

/** Part of the scale's width that lies left of the limit; the rest is where it is too late. */
const LIMIT_AT = 0.88;

function percentOf(part) {
  return (100 * LIMIT_AT * part).toFixed(2) + '%';
}

function scale(pool, value, limit, hue, reverted) {
  const at = position(value, limit);
  const level = reverted || at >= 1 ? 'over' : at >= 0.66 ? 'near' : 'calm';
  const words = value <= 1 ? 'nothing speaks against it' : odds(value) + ' against it';
  return h('div', {
    class: 'scale', role: 'meter', 'aria-label': 'evidence against ' + pool,
    'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(100 * at),
    'aria-valuetext': words + ', reverted at ' + odds(limit),
  },
    h('div', { class: 'track', 'data-hue': hue },
      h('div', { class: 'fill ' + level, style: { width: at >= 1 ? '100%' : percentOf(at) } }),
      h('div', { class: 'limit', style: { left: percentOf(1) } })),
    h('ol', { class: 'ticks', 'aria-hidden': 'true' }, ticks(limit).map((tick) =>
      h('li', { style: { left: percentOf(position(tick, limit)) }, class: tick === limit && 'last' }, odds(tick).replace('.0', '')))));
}

/** @param said what stands above already, and needs no second time */
function variant(judged, figures, hue, said) {
  const text = judged.text || figures?.text || '';
  const reverted = judged.state === 'reverted';
  // Reverted by a limit, or the figures are older than the revert: odds below theirs would only confuse.
  const known = figures && figures.limit > 1 && figures.odds !== null && (!reverted || figures.odds >= figures.limit);
  return h('article', { key: judged.pool, class: 'judged', 'data-hue': hue },
    h('header', {},
      h('h3', {}, h('i', { class: 'swatch' }), judged.pool),
      known && (figures.odds <= 1
        ? h('small', {}, 'nothing against it')
        : h('b', { class: 'odds' + (reverted ? ' over' : '') }, odds(figures.odds), ' ', h('small', {}, 'against')))),
    known && scale(judged.pool, figures.odds, figures.limit, hue, reverted),
    text && text !== said && h('p', { class: 'verdict' }, unbroken(text)));
}

/** Lines of "name   figures   figures", as the judge writes them. */
export function figureLines(text) {
  return text.trim().split('\n').map((line) => line.trim().split(/\s{2,}/)).flatMap(([name, ...figures], i) => [
    h('dt', { key: 'name' + i }, name),
    h('dd', { key: 'figures' + i }, figures.map((part) => [h('span', {}, unbroken(part)), ' '])),
  ]);
}

/** Figures behind the verdict, once somebody asks for them. */
function details(evidence) {
  if (!evidence) return null;
  if (evidence.variants.length === 0) return h('p', { class: 'muted' }, 'No figures yet.');
  return evidence.variants.map((v) => h('div', { key: v.pool },
    h('dl', { class: 'judge' }, figureLines(v.details)),
    h('p', { class: 'muted' }, 'on trial for ' + span(v.seconds) + (v.metrics.length > 0
      ? '; ' + v.metrics.map((m) => m.name + (m.quantile ? ' ' + m.quantile : '') + ' ' + odds(Math.max(1, m.odds))).join(', ')
      : ''))));
}

/** @param open {isOpen, evidence, toggle} for the figures behind the verdict */
export function guardPanel(route, figures, hue, open) {
  const guard = figures.guard ?? route.guard;
  const [words, tone] = guardState(route.guard);
  const judged = route.guard.variants;
  return h('section', { class: 'panel guard', 'aria-labelledby': 'guard-title' },
    h('header', {}, h('h2', { id: 'guard-title' }, 'Guard'), h('span', { class: 'chip ' + tone }, words)),
    judged.length === 0 && h('p', { class: 'verdict' }, route.guard.text || (route.guard.state === 'off'
      ? 'Nothing is judged: the route has no guard, or the watch after a switch is over.'
      : 'No variant on trial has traffic.')),
    judged.map((one) => variant(one, guard.variants?.[one.pool], hue[one.pool], route.override?.reason)),
    route.guard.state !== 'off' && h('details', { ontoggle: (event) => open.toggle(event.target.open), open: open.isOpen },
      h('summary', {}, 'Figures'), open.isOpen && details(open.evidence)));
}
