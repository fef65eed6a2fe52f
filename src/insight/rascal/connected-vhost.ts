import { type Options, tableIn, textIn } from './rascal-options.ts'

/**
 * The virtual host that rascal connects to: that of its first connection, or the key in the config
 * (configureConnection). A URL without a path means `/`.
 */
export function connectedVhost(key: string, config: Options): string {
  const [first] = [config['connections'], config['connection']].flat().filter((each) => each !== undefined)
  const url = typeof first === 'string' ? first : textIn(tableIn({ first }, 'first') ?? {}, 'url')
  if (url === undefined) return textIn(tableIn({ first }, 'first') ?? {}, 'vhost') ?? key
  if (!URL.canParse(url)) return key
  const name = decodeURIComponent(new URL(url).pathname.replace(/^\//, ''))
  return name === '' ? '/' : name
}
