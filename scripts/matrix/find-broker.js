import { join } from 'node:path'
import { dockerAnswers } from '../../build/testing/throwaway/docker/docker-engine.js'
import { debianTree } from './debian-tree.js'
import { belongsTo } from './series.js'
import { PACKAGES, versionsIn } from './server-in-tree.js'

/**
 * Finds a broker of a series: a container if a Docker engine answers, else the installed package, or a tree of Debian.
 *
 * @param {import('./series.js').Series} series
 * @param {string} cache the folder of the trees
 * @returns {Promise<{ from: string, environment: Record<string, string> } | { missing: string }>}
 *   the environment variables with which the tests start it, or why no broker was found
 */
export async function findBroker(series, cache) {
  if (await dockerAnswers(process.env)) {
    const tag = `${series.name}-management`
    return { from: `a container of rabbitmq:${tag}`, environment: { RABBITMQ_VERSION: tag } }
  }
  const installed = versionsIn('/').find((version) => belongsTo(version, series))
  if (installed !== undefined) {
    const home = join('/', PACKAGES, `rabbitmq_server-${installed}`)
    return { from: `the installed ${installed}`, environment: { RABBITMQ_HOME: home } }
  }
  const tree = debianTree(series, cache)
  if ('missing' in tree) return tree
  return { from: `Debian ${series.suite} in ${tree.home}`, environment: { RABBITMQ_HOME: tree.home } }
}
