import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { goalsTable, judgedGoals } from './goals.js'
import { tables } from './tables.js'

const started = new Date().toISOString()

/**
 * Writes the tables and the figures themselves to a folder, and overwrites the earlier ones of this run.
 *
 * @param {readonly import('./row.js').Row[]} rows
 * @param {{ quick: boolean, out: string }} settings the times of a quick run mean nothing, so it does not judge the goals
 * @returns {Promise<string>} the tables and their location
 */
export async function writeReport(rows, { quick, out }) {
  const goals = quick ? [] : judgedGoals(rows)
  const head = `# Bench of ${started}\n\n${machine()}${quick ? '; a quick run, whose times mean nothing' : ''}\n`
  const text = [head, goalsTable(goals), tables(rows)].filter(Boolean).join('\n')
  await mkdir(out, { recursive: true })
  const name = `${out}/${started.replaceAll(':', '-')}`
  await writeFile(`${name}.json`, `${JSON.stringify({ format: 1, machine: machine(), quick, goals, rows }, null, 2)}\n`)
  await writeFile(`${name}.md`, text)
  return `${text}\nWritten to ${name}.json and .md`
}

/** The machine on which the figures were measured. */
export function machine() {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `Node.js ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} CPUs, ${gigabytes} GiB`
}
