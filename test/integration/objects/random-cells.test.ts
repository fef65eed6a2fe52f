import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerTo } from '../support/answer-to.ts'
import { freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { type Cell, ENDS, type Place, RANDOM_CELLS } from '../support/cases/random-cells.ts'
import { warren } from '../support/warren-in-process.ts'

const { seed, numRuns, timeout } = propertyRuns(6)

/** Runs a command for a document in a vhost. */
async function run(args: readonly string[], vhost: string, sections: object) {
  const text = JSON.stringify({ warren: 1, project: vhost, vhost, ...sections })
  const { code, stdout, stderr } = await warren(args, { folder: await files({ 'topology.yaml': text }) })
  return { code: Number(code), output: stdout + stderr }
}

/** A refusal of the declaration itself: an error at a place in the file, or a block of the plan. */
function isRefusal({ code, output }: { readonly code: number; readonly output: string }): boolean {
  return (code === 3 && output.includes('topology.yaml:1:')) || (code === 4 && output.includes('\nBlocked '))
}

async function vhostWithEnds(): Promise<string> {
  const { api } = await testBroker()
  const vhost = await freshVhost()
  for (const [name, { type }] of Object.entries(ENDS.exchanges)) {
    await api.put(['exchanges', vhost, name], { type, durable: true })
  }
  for (const [name, { type }] of Object.entries(ENDS.queues)) {
    await api.put(['queues', vhost, name], { durable: true, arguments: { 'x-queue-type': type } })
  }
  return vhost
}

/**
 * All declarations in one document. Equal bindings appear once, and so do bindings from a hash exchange to the same
 * destination, because the broker ignores all except one.
 */
function together(cells: readonly Cell[], place: Omit<Place, 'name'>): object {
  const merged: Record<string, Record<string, unknown>> = {}
  const bindings = new Map<string, unknown>()
  for (const [index, cell] of cells.entries()) {
    for (const [section, content] of Object.entries(cell.declare({ ...place, name: `c${index}` }))) {
      if (!Array.isArray(content)) merged[section] = { ...merged[section], ...(content as object) }
      else for (const each of content) bindings.set(slotOf(each), each)
    }
  }
  return { ...merged, ...(bindings.size > 0 && { bindings: [...bindings.values()] }) }
}

function slotOf(binding: { readonly source?: string; readonly destination?: unknown }): string {
  const { source, destination } = binding
  return JSON.stringify(source === 'x-consistent-hash' ? { source, destination } : binding)
}

describe(`the plan of a random declaration (seed ${seed})`, () => {
  it.each(Object.entries(RANDOM_CELLS))(
    'is without blocks only if the broker accepts the declaration, and then the apply succeeds: %s',
    { timeout },
    async (_, cells) => {
      const { api } = await testBroker()
      const { username: user } = await freshUser()
      const reference = await vhostWithEnds()
      const planned = await freshVhost()
      const accepted: Cell[] = []
      const promised: string[] = []
      for (const cell of fc.sample(cells, { seed, numRuns })) {
        const { method, path, body } = cell.request({ vhost: reference, name: 'cell', user })
        const answer = await answerTo(() => api[method](path, body))
        if (answer === 'taken' && method === 'put') await api.delete(path)

        const declaration = cell.declare({ vhost: planned, name: 'cell', user })
        const plan = await run(['plan'], planned, declaration)
        if (plan.code === 0) accepted.push(cell)
        const isRight = plan.code === 0 ? answer === 'taken' : isRefusal(plan)
        if (!isRight) promised.push(`${answer}, exit code ${plan.code}: ${JSON.stringify(declaration)} ${plan.output}`)
      }
      expect(promised.join('\n')).toBe('')

      const applied = await run(['apply', '-y'], planned, together(accepted, { vhost: planned, user }))
      expect(applied.code === 0 ? '' : applied.output).toBe('')
    },
  )
})
