/**
 * What a part of the bench is given, and what it answers. A new part is a file next to this one, named in `run.js`.
 *
 * @typedef {object} Settings
 * @property {boolean} quick only whether it runs: small, and one round
 * @property {number | undefined} rounds how often everything is measured; a part has a default of its own
 * @property {readonly number[] | undefined} sizes of the topologies; a part has defaults of its own
 * @property {readonly string[]} only words, of which the name of a work has to hold one; all when empty
 * @property {readonly string[]} subjects who is measured; all when empty
 * @property {BenchBroker | undefined} broker there where the part needs one
 * @property {string} folder for files, removed at the end
 * @property {(text: string) => void} tell says what is under way
 *
 * @typedef {import('../provisioners/management-api.js').Connection & { version: string, processes: readonly number[] }} BenchBroker
 *
 * @callback RunPart
 * @param {Settings} settings
 * @returns {Promise<import('../report/row.js').Row[]>}
 */

/**
 * Whether a work is asked for.
 *
 * @param {Settings} settings
 * @param {string} work
 */
export function isWanted({ only }, work) {
  return only.length === 0 || only.some((word) => work.includes(word))
}

/**
 * Whether somebody is asked for.
 *
 * @param {Pick<Settings, 'subjects'>} settings
 * @param {string} subject
 */
export function takesPart({ subjects }, subject) {
  return subjects.length === 0 || subjects.includes(subject)
}

/**
 * The subjects in another order each round, so that none is always first.
 *
 * @template T
 * @param {readonly T[]} subjects
 * @param {number} round
 */
export function turned(subjects, round) {
  return subjects.map((_, at) => subjects[(at + round) % subjects.length])
}
