/**
 * A task that is measured in the same way several times: one line of a table.
 *
 * @typedef {object} Row
 * @property {string} part such as `provisioning`
 * @property {string} on the broker, such as `RabbitMQ 3.10.8`, or empty where none is used
 * @property {string} work the task; rows with the same task make up one table
 * @property {string} subject the client or tool
 * @property {boolean} [reference] the others are compared with this row
 * @property {Sample[]} samples one for each round; the same place means the same round
 *
 * @typedef {Readonly<Record<string, number>>} Sample figures by the names in `report/columns.js`
 */

/**
 * Collects the rows of all rounds.
 *
 * @param {string} part
 * @param {string} on
 */
export function rowsOf(part, on) {
  /** @type {Map<string, Row>} */
  const rows = new Map()
  return {
    /**
     * @param {{ work: string, subject: string, reference?: boolean }} row
     * @param {Sample} sample
     */
    add({ work, subject, reference = false }, sample) {
      const key = JSON.stringify([work, subject])
      const row = rows.get(key) ?? { part, on, work, subject, reference, samples: [] }
      rows.set(key, { ...row, samples: [...row.samples, sample] })
    },
    /** In the order in which each task, and each subject within it, first appeared. */
    all: () => [...rows.values()],
  }
}

/**
 * Merges the samples of several runs.
 *
 * @param {readonly Row[]} rows
 * @returns {Row[]}
 */
export function mergeRows(rows) {
  /** @type {Map<string, Row>} */
  const merged = new Map()
  for (const row of rows) {
    const key = JSON.stringify([row.part, row.on, row.work, row.subject])
    const known = merged.get(key)
    merged.set(key, known ? { ...known, samples: [...known.samples, ...row.samples] } : row)
  }
  return [...merged.values()]
}
