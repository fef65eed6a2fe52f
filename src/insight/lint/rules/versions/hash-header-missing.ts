import { aboutRoute, type Rule } from '../../rule.ts'

export const hashHeaderMissing: Rule = {
  id: 'hash-header-missing',
  group: 'versions',
  severity: 'warning',
  meaning:
    'A consistent-hash exchange hashes a header that a publication does not set, so all messages of the publication go to one queue.',
  remedy: 'Publish with that header, or let the exchange hash the routing key.',
  *check({ vhosts }) {
    for (const { exchanges, publications } of vhosts) {
      for (const publication of publications) {
        const exchange = exchanges.get(publication.exchange)
        const header = exchange?.type === 'x-consistent-hash' ? exchange.arguments['hash-header'] : undefined
        // Publishers may add headers to the declared ones.
        const declared = Object.keys(publication.headers)
        if (typeof header !== 'string' || declared.length === 0 || declared.includes(header)) continue
        yield aboutRoute(
          publication,
          `publication "${publication.name}" declares headers without "${header}", which exchange "${publication.exchange}" hashes: messages without it all go to one queue`,
          `publish with the header ${header}`,
        )
      }
    }
  },
}
