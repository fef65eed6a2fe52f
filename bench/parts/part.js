/**
 * The input and the result of a part of the bench. A new part is a file in this folder that `run.js` lists.
 *
 * @typedef {object} Settings
 * @property {boolean} quick only checks that everything runs: small sizes, and one round
 * @property {number | undefined} rounds how often everything is measured; each part has its own default
 * @property {readonly number[] | undefined} sizes of the topologies; each part has its own defaults
 * @property {readonly string[]} only selects the tasks whose name contains one of these words; all if empty
 * @property {readonly string[]} subjects the measured clients and tools; all if empty
 * @property {BenchBroker | undefined} broker present if the part needs one
 * @property {string} folder for files, removed at the end
 * @property {(text: string) => void} tell reports the progress
 *
 * @typedef {import('../provisioners/management-api.js').Connection & { version: string, processes: readonly number[] }} BenchBroker
 *
 * @callback RunPart
 * @param {Settings} settings
 * @returns {Promise<import('../report/row.js').Row[]>}
 */

/**
 * Whether the options select a task.
 *
 * @param {Settings} settings
 * @param {string} work
 */
export function isWanted({ only }, work) {
  return only.length === 0 || only.some((word) => work.includes(word))
}

/**
 * Whether the options select a client or tool.
 *
 * @param {Pick<Settings, 'subjects'>} settings
 * @param {string} subject
 */
export function takesPart({ subjects }, subject) {
  return subjects.length === 0 || subjects.includes(subject)
}

/**
 * The subjects in a different order each round, so that none is always first.
 *
 * @template T
 * @param {readonly T[]} subjects
 * @param {number} round
 */
export function turned(subjects, round) {
  return subjects.map((_, at) => subjects[(at + round) % subjects.length])
}
