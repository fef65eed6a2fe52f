import type { Routes } from '../../model/routes.ts'
import { ConnectError } from './connect-error.ts'

/** The routes of one vhost, and the vhost's name on the broker. */
export interface ChosenRoutes {
  readonly vhost: string
  readonly routes: Routes
}

/**
 * Chooses the vhost of a runtime: the requested one, or that of the URL, or the only one of the topology. `renamed`
 * maps names of the topology to names on the broker.
 */
export function chooseVhost(
  routes: Routes,
  asked: { option: string | undefined; url: string | undefined; renamed: Readonly<Record<string, string>> },
): ChosenRoutes {
  const all = [...routes.publications, ...routes.subscriptions]
  const rename = (vhost: string): string =>
    Object.hasOwn(asked.renamed, vhost) ? (asked.renamed[vhost] ?? vhost) : vhost
  const vhosts = [...new Set(all.map(({ vhost }) => rename(vhost)))]
  const vhost = asked.option ?? asked.url ?? (vhosts.length === 1 ? vhosts[0] : undefined)
  const known = vhosts.length === 0 ? 'none' : vhosts.map((each) => `"${each}"`).join(', ')
  if (vhost === undefined) {
    throw invalid(
      vhosts.length === 0
        ? 'the topology has no publications and no subscriptions'
        : `the topology has routes in several vhosts: ${known}`,
      vhosts.length === 0
        ? 'declare what the program does under publications: and subscriptions:'
        : 'choose one with the vhost option or in the URL',
    )
  }
  if (!vhosts.includes(vhost)) {
    const meant = `/${vhost}`
    throw invalid(
      `the topology has no routes in the vhost "${vhost}"; it has them in: ${known}`,
      vhosts.includes(meant)
        ? `the vhost "${meant}" is written ${encodeURIComponent(meant)} in a URL, whose own slash does not count: ` +
            `amqp://host/${encodeURIComponent(meant)}; as the vhost option and in RABBITMQ_VHOST it is ${meant}`
        : `choose one of them, or give vhosts: { "name in the topology": ${JSON.stringify(vhost)} } where it has another name on this broker`,
    )
  }
  const here = <R extends { readonly vhost: string }>(list: readonly R[]): R[] =>
    list.filter((route) => rename(route.vhost) === vhost).map((route) => ({ ...route, vhost }))
  return { vhost, routes: { publications: here(routes.publications), subscriptions: here(routes.subscriptions) } }
}

function invalid(message: string, hint: string): ConnectError {
  return new ConnectError(message, { code: 'INVALID_CONNECTION', hint })
}
