// Calls of the admin API. The token lives in this tab's session storage only, and goes nowhere but into a header.

const TOKEN = 'turnout.token';
const ACTOR = 'turnout.actor';

export function token() {
  return sessionStorage.getItem(TOKEN);
}

export function setToken(text) {
  if (text) {
    sessionStorage.setItem(TOKEN, text);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
}

/** The name that goes into the audit where there are no tokens. */
export function actor() {
  return localStorage.getItem(ACTOR) ?? '';
}

export function setActor(name) {
  localStorage.setItem(ACTOR, name);
}

export function headers(more) {
  const fields = { ...more };
  if (token()) fields.Authorization = 'Bearer ' + token();
  return fields;
}

/** What the API refused, in its own words. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || 'answered ' + status);
    this.status = status;
    this.title = problem.title ?? 'Refused';
    this.problems = problem.problems ?? [];
    this.checks = problem.checks ?? [];
  }
}

async function answered(response) {
  if (response.ok) return response;
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // Not a problem of ours, as from a proxy in between: the status has to do.
  }
  throw new Refused(response.status, problem);
}

export async function look(path) {
  return answered(await fetch(path, { headers: headers(), cache: 'no-store' }));
}

/** Whether the call exists here: false for the parts that this Turnout does not have. */
export async function lookIfThere(path) {
  try {
    return await (await look(path)).json();
  } catch (refused) {
    if (refused instanceof Refused && refused.status !== 401) return null;
    throw refused;
  }
}

/** Headers hold Latin-1 at most; a name may hold anything. */
function headerText(text) {
  return [...text].filter((c) => c >= ' ' && c <= '~').join('').slice(0, 100).trim();
}

/**
 * Changes something. With a generation, only if that is still in force.
 * @returns {generation, changed, summary, notes}
 */
export async function change(method, path, body, generation) {
  const fields = { 'Content-Type': 'application/json', 'Turnout-Source': 'console' };
  fields['Idempotency-Key'] = [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('-');
  const name = headerText(actor());
  if (name) fields['Turnout-Actor'] = name;
  if (generation) fields['If-Match'] = '"' + generation + '"';
  const response = await fetch(path, { method, headers: headers(fields), body: JSON.stringify(body) });
  return (await answered(response)).json();
}
