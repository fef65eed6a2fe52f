import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { compile, parseCompiled } from '../../build/desired/load/compiled-topology.js'
import { loadTopology } from '../../build/desired/load/load-topology.js'
import { makePlan } from '../../build/plan/make-plan.js'
import { onePercentOf } from '../provisioners/workload.js'

const FILES = { paths: [], count: 1, overlays: [] }

/**
 * Prepares a task that needs no broker.
 *
 * @param {string} does
 * @param {string} path of a topology file
 * @returns {Promise<{ run: () => unknown, readsFile: boolean }>}
 */
export async function prepare(does, path) {
  switch (does) {
    case 'parse':
      // Its own check for duplicate keys takes quadratic time: 24 s for 50,000 objects.
      return { readsFile: true, run: async () => parse(await readFile(path, 'utf8'), { uniqueKeys: false }) }
    case 'load':
      return { readsFile: true, run: () => load(path) }
    case 'load-json': {
      const json = `${path}.topology.json`
      await writeFile(json, JSON.stringify(parse(await readFile(path, 'utf8'), { uniqueKeys: false }), undefined, 2))
      return { readsFile: false, run: () => load(json) }
    }
    case 'read-compiled': {
      const compiled = `${path}.json`
      await writeFile(compiled, compile(await load(path)))
      return { readsFile: false, run: async () => parseCompiled(await readFile(compiled, 'utf8')) }
    }
    case 'plan-all-new':
      return planning(path, () => 0)
    case 'plan-changed':
      return planning(path, (total) => total - onePercentOf(total))
    case 'plan-nothing':
      return planning(path, (total) => total)
    default:
      throw new Error(`there is no ${does}`)
  }
}

async function load(path) {
  const { desired } = await loadTopology({ paths: [path], environment: {} })
  if (desired === undefined) throw new Error('the file is not usable')
  return desired
}

/** @param {(total: number) => number} there how many objects of each kind exist on the broker */
async function planning(path, there) {
  const { project, topology } = await load(path)
  // The live objects are not the same JavaScript objects as the desired ones, and have a different order.
  const live = structuredClone(topology)
  const kept = Object.fromEntries(Object.entries(live).map(([kind, list]) => [kind, list.slice(0, there(list.length))]))
  const broker = { name: 'bench', version: '4.0.5', url: '', exchangeTypes: ['direct'], deniedFeatures: [] }
  const input = {
    project,
    files: FILES,
    desired: topology,
    live: {
      broker: { ...broker, forbidsOperatorPolicies: false },
      topology: kept,
      login: { user: 'bench' },
      untouchable: new Set(),
      messages: new Map(),
      kindsRead: new Set(Object.keys(kept)),
    },
  }
  return { readsFile: false, run: () => makePlan(input) }
}
