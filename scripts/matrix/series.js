/**
 * The series of RabbitMQ that the tests run on, each with the release of Debian that contains it.
 *
 * @type {readonly Series[]}
 */
export const SERIES = [
  { name: '3.10', suite: 'bookworm' },
  { name: '4.0', suite: 'trixie' },
  { name: '4.3', suite: 'forky' },
]

/**
 * @typedef {object} Series
 * @property {string} name such as `4.0`
 * @property {string} suite such as `trixie`
 */

/**
 * @param {readonly string[]} names
 * @returns {readonly Series[]} all if there are no names
 */
export function chosenSeries(names) {
  const unknown = names.find((name) => SERIES.every((each) => each.name !== name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no series ${unknown}: choose from ${SERIES.map(({ name }) => name).join(', ')}\n`)
    process.exit(2)
  }
  return names.length === 0 ? SERIES : SERIES.filter(({ name }) => names.includes(name))
}

/**
 * @param {string} version such as `4.0.5`
 * @param {Series} series
 */
export function belongsTo(version, series) {
  return version.startsWith(`${series.name}.`)
}
