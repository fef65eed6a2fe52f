import { median } from '../measure/statistics.js'
import { COLUMNS } from './columns.js'

/**
 * Writes the rows as Markdown tables, one for each task.
 *
 * @param {readonly import('./row.js').Row[]} rows
 */
export function tables(rows) {
  const works = groupBy(rows, groupOf)
  return [...works].map(([group, list]) => `### ${group}\n\n${tableOf(list)}\n`).join('\n')
}

/** @param {import('./row.js').Row} row */
function groupOf({ work, on }) {
  return on === '' ? work : `${work} (${on})`
}

/** @param {readonly import('./row.js').Row[]} rows */
function tableOf(rows) {
  const reference = rows.find((row) => row.reference)
  const used = COLUMNS.filter(({ name }) => rows.some(({ samples }) => samples.some((sample) => name in sample)))
  const compared = reference ? used.filter(({ ratio }) => ratio !== undefined).slice(0, 1) : []
  const cpu = reference ? used.filter(({ ratio }) => ratio === 'times the CPU') : []
  const ratios = [...new Set([...compared, ...cpu])]
  const titles = [
    '',
    'rounds',
    ...used.map(({ title }) => title),
    ...ratios.map(({ ratio }) => `${ratio} of ${reference?.subject}`),
  ]
  const lines = rows.map((row) => [
    row.subject,
    String(row.samples.length),
    ...used.map((column) => figure(row, column)),
    ...ratios.map(({ name }) => ratioText(row, reference, name)),
  ])
  return [titles, titles.map((_, at) => (at === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** The median, with the smallest and the largest. */
function figure({ samples }, { name, digits, spread }) {
  const values = samples.flatMap((sample) => sample[name] ?? [])
  if (values.length === 0) return '–'
  const middle = number(median(values), digits)
  if (!spread || values.length === 1) return middle
  return `${middle} (${number(Math.min(...values), digits)} to ${number(Math.max(...values), digits)})`
}

function ratioText(row, reference, name) {
  const ratio = reference && ratioOf(row, reference, name)
  return ratio === undefined ? '–' : ratio.toFixed(2)
}

/**
 * The median of the ratios of each round, because both subjects of a round have the same load on the machine.
 *
 * @param {import('./row.js').Row} row
 * @param {import('./row.js').Row} reference
 * @param {string} name of the figure
 * @returns {number | undefined}
 */
export function ratioOf(row, reference, name) {
  const ratios = row.samples.flatMap((sample, round) => {
    const [own, other] = [sample[name], reference.samples[round]?.[name]]
    return own === undefined || other === undefined ? [] : [own / other]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

/**
 * @param {number} value
 * @param {number} digits
 */
function number(value, digits) {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function groupBy(items, keyOf) {
  const groups = new Map()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
