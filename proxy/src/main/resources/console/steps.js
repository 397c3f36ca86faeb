// The ladder of a rollout: which step it is on, how long it holds, what it waits for, what comes next.

import { h } from './dom.js';
import { count, exact, span, unbroken } from './format.js';

const PHASES = {
  pending: ['Not started', 'idle'],
  progressing: ['Progressing', 'good'],
  paused: ['Paused', 'wait'],
  promoting: ['Promoting', 'good'],
  succeeded: ['Succeeded', 'good'],
  reverted: ['Reverted', 'bad'],
  superseded: ['Superseded', 'idle'],
};

/** What may be asked of a rollout now. */
export function verbs(rollout) {
  return rollout?.allowed ?? [];
}

function needs(step) {
  const parts = [
    step.holdSeconds > 0 && span(step.holdSeconds),
    step.minRequests > 0 && count(step.minRequests) + ' requests',
    ...step.gates.map((gate) => (gate === 'approval' ? 'approval before' : 'gate ' + gate)),
  ];
  return parts.filter(Boolean).join(', ');
}

function rung(step, i, rollout) {
  const failed = rollout.phase === 'reverted' && i + 1 === rollout.step;
  const state = failed ? 'failed' : step.state === 'done' ? 'over' : step.state === 'current' ? 'here' : 'ahead';
  const words = { over: 'done', here: 'now', failed: 'reverted here', ahead: 'ahead' }[state];
  return h('li', { key: 'step' + i, class: state, 'aria-current': state === 'here' && 'step' },
    h('span', { class: 'knob', 'aria-hidden': 'true' }),
    h('b', {}, exact(step.weight)), ' ', h('span', { class: 'sr' }, words),
    h('small', {}, failed ? words : needs(step)));
}

function hold(rollout) {
  const of = rollout.steps[rollout.step - 1]?.holdSeconds;
  const left = rollout.holdRemainingSeconds;
  if (!of || left === null || left === undefined || !['progressing', 'paused'].includes(rollout.phase)) return null;
  const part = Math.min(1, Math.max(0, 1 - left / of));
  return h('div', { class: 'hold' },
    h('div', { class: 'track', role: 'progressbar', 'aria-label': 'hold of this step', 'aria-valuemin': 0,
      'aria-valuemax': 100, 'aria-valuenow': Math.round(100 * part) },
      h('div', { class: 'fill', style: { width: (100 * part).toFixed(1) + '%' } })),
    h('small', {}, left > 0 ? span(left) + ' of ' + span(of) + ' to hold' : 'held ' + span(of)));
}

function waits(rollout) {
  if (!rollout.waitingFor) return null;
  return h('p', { class: 'verdict waits' }, rollout.waitingFor === 'approval' ? 'Waits for somebody to approve.' : 'Waits for the gate ' + rollout.waitingFor + '.');
}

/** What else keeps it here, without what the hold's bar and the guard say already. */
function missing(rollout, guard) {
  // Both were counted, but not at the same moment: figures may differ where the words do not.
  const words = (text) => text.replace(/[\d.,]+ ?[a-z]?\b/g, '#');
  const said = words(guard.variants.map((variant) => variant.text).join());
  const rest = (rollout.missing ?? []).filter((text) => !said.includes(words(text)) && !/ of the hold of /.test(text));
  return rest.length > 0 && h('ul', { class: 'verdict' }, rest.map((text) => h('li', {}, unbroken(text))));
}

/** @param guard of the route, beside which it stands */
export function rolloutPanel(rollout, guard) {
  const [words, tone] = PHASES[rollout.phase] ?? [rollout.phase, 'idle'];
  return h('section', { class: 'panel rollout', 'aria-labelledby': 'rollout-title' },
    h('header', {}, h('h2', { id: 'rollout-title' }, 'Rollout', rollout.canary && h('small', {}, ' of ' + rollout.canary)),
      h('span', { class: 'chip ' + tone }, words)),
    h('ol', { class: 'ladder' }, (rollout.steps ?? []).map((step, i) => rung(step, i, rollout))),
    hold(rollout),
    waits(rollout),
    missing(rollout, guard),
    rollout.next && h('p', { class: 'verdict' }, h('b', {}, 'Next '), unbroken(rollout.next.split(', after ')[0])));
}
