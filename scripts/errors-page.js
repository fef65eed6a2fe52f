import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exitCodeFor } from '../build/cli/exit-code.js'
import { explain } from '../build/operations/files/explain.js'
import { formatText } from './format-text.js'

// Writes the tables of docs/reference/errors.md from the explanations that `warren explain` prints. It keeps the
// headings and the texts between them; each topic needs its heading with a table below it.

const PAGE = fileURLToPath(new URL('../docs/reference/errors.md', import.meta.url))

// The rules of lint have their own pages.
const explanations = explain().filter(({ kind }) => kind !== 'lint')
let page = readFileSync(PAGE, 'utf8')
for (const topic of new Set(explanations.map((each) => each.topic))) {
  const rows = explanations.filter((each) => each.topic === topic).map(rowOf)
  // The heading, the text between it and the table, and the first two lines of the table.
  const top = new RegExp(`(^#{2,3} ${topic}\\n(?:(?!#|\\|).*\\n)*\\| Code.*\\n\\| ?-.*\\n)(?:\\|.*\\n)*`, 'm')
  if (!top.test(page)) throw new Error(`${PAGE} has no heading "${topic}" with a table`)
  page = page.replace(top, (_all, head) => `${head}${rows.join('')}`)
}
writeFileSync(PAGE, await formatText(PAGE, page))

/** @param {import('../build/render/explanations-text.js').Explanation} explanation */
function rowOf({ code, kind, meaning, cause, remedy }) {
  const exit = kind === 'error' ? [String(exitCodeFor(/** @type {any} */ (code)))] : []
  const cells = [
    `\`${code}\``,
    ...exit,
    ...[meaning, ...(cause === undefined ? [] : [cause]), remedy].map((each) => each.replaceAll('|', '\\|')),
  ]
  return `| ${cells.join(' | ')} |\n`
}
