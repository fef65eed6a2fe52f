/** The view that the part of the address after `#` opens. */
export type DeepLink =
  | { readonly kind: 'overview' }
  | { readonly kind: 'all' }
  | { readonly kind: 'group'; readonly vhost: string; readonly group: string }
  | { readonly kind: 'node'; readonly id: string }
  | TraceLink

/** A message that is traced. */
export interface TraceLink {
  readonly kind: 'trace'
  /** The id of a publication, or of the exchange that the message is published to. */
  readonly from: string
  /** Its routing key; for a publication, the key follows from the parameters. */
  readonly key: string
  readonly parameters: Readonly<Record<string, string>>
  /** The headers, as JSON or as plain text. */
  readonly headers: Readonly<Record<string, string>>
}

/** Writes a link as a hash, with `#`. */
export function hashOf(link: DeepLink): string {
  switch (link.kind) {
    case 'overview':
      return '#overview'
    case 'all':
      return '#all'
    case 'group':
      return `#${new URLSearchParams({ group: link.group, vhost: link.vhost })}`
    case 'node':
      return `#${new URLSearchParams({ node: link.id })}`
    case 'trace': {
      const parts = new URLSearchParams({ trace: link.from })
      if (link.key !== '') parts.append('key', link.key)
      for (const [name, value] of Object.entries(link.parameters)) parts.append('parameter', `${name}=${value}`)
      for (const [name, value] of Object.entries(link.headers)) parts.append('header', `${name}=${value}`)
      return `#${parts}`
    }
  }
}

/** Reads a hash; undefined if it opens nothing. */
export function linkOf(hash: string): DeepLink | undefined {
  const text = hash.replace(/^#/, '')
  if (text === 'overview' || text === 'all') return { kind: text }
  const parts = new URLSearchParams(text)
  const [node, group, from] = [parts.get('node'), parts.get('group'), parts.get('trace')]
  if (node !== null) return { kind: 'node', id: node }
  if (group !== null) return { kind: 'group', group, vhost: parts.get('vhost') ?? '' }
  if (from === null) return undefined
  return {
    kind: 'trace',
    from,
    key: parts.get('key') ?? '',
    parameters: pairs(parts.getAll('parameter')),
    headers: pairs(parts.getAll('header')),
  }
}

/** Reads lines such as `name=value`. */
export function pairs(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.flatMap((text) => {
      const at = text.indexOf('=')
      return at < 1 ? [] : [[text.slice(0, at), text.slice(at + 1)]]
    }),
  )
}
