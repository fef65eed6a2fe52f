import { address } from '../../model/address.ts'
import type { LeftOut } from '../export/export-input.ts'
import { bindingsOf } from './rascal-bindings.ts'
import {
  exchangeArguments,
  isOn,
  keyed,
  type Options,
  optionsOf,
  queueArguments,
  tableIn,
  textIn,
} from './rascal-options.ts'
import { connectedVhost } from './connected-vhost.ts'

/** The objects that a rascal config declares, as definitions of a broker. */
export interface RascalDefinitions {
  readonly definitions: Readonly<Record<string, unknown>>
  /** Parts of the config that declare nothing, or nothing that files can declare, by their path in the config. */
  readonly leftOut: readonly LeftOut[]
  /** Addresses of exchanges that the config uses without declaring them, with the reason. */
  readonly referred: ReadonlyMap<string, string>
}

/**
 * Computes what a program declares with a rascal config: names with their namespace, and defaults as in rascal 21.0.1
 * (lib/config/baseline.js, lib/config/configure.js) and amqplib.
 *
 * @returns undefined if the value is not a config of rascal
 */
export function rascalDefinitions(value: unknown): RascalDefinitions | undefined {
  const config = tableIn(value, 'rascal') ?? value
  const vhosts = tableIn(config, 'vhosts')
  if (vhosts === undefined) return undefined
  const defaults = tableIn(tableIn(config, 'defaults') ?? {}, 'vhosts') ?? {}
  const found = Object.entries(vhosts).map(([name, each]) => new RascalVhost(name, withDefaults(each, defaults)))
  return {
    definitions: {
      vhosts: [...new Set(found.map(({ name }) => name))].map((name) => ({ name })),
      exchanges: found.flatMap((each) => each.exchanges),
      queues: found.flatMap((each) => each.queues),
      bindings: found.flatMap((each) => each.bindings),
      policies: [],
      parameters: [],
      global_parameters: [],
    },
    leftOut: [...found.flatMap((each) => each.leftOut), ...inTheProgram(config, '')],
    referred: new Map(found.flatMap((each) => [...each.referred])),
  }
}

/** The defaults of one virtual host take precedence over those of all (configureVhost). */
function withDefaults(value: unknown, defaults: Options): Options {
  const own = isTable(value) ? value : {}
  const ownDefaults = tableIn(own, 'defaults') ?? {}
  return { namespace: defaults['namespace'], ...own, defaults: { ...defaults, ...ownDefaults } }
}

function isTable(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Routes and shovels of rascal run in the program, and the broker does not know them. */
function inTheProgram(config: unknown, place: string): LeftOut[] {
  return ['publications', 'subscriptions', 'shovels'].flatMap((section) => {
    const entries = keyed(isTable(config) ? config[section] : undefined)
    return [...entries.keys()].map((name) => ({
      address: `${place}${section}.${name}`,
      reason: 'it runs in the program, and declares nothing',
    }))
  })
}

class RascalVhost {
  readonly name: string
  readonly #key: string
  readonly exchanges: object[] = []
  readonly queues: object[] = []
  readonly bindings: object[] = []
  readonly leftOut: LeftOut[] = []
  readonly referred = new Map<string, string>()
  readonly #namespace: string | undefined
  /** The names on the broker, by their names in the config, without objects that are left out. */
  readonly #known = { exchange: new Map<string, string>([['', '']]), queue: new Map<string, string>() }

  constructor(key: string, config: Options) {
    this.#key = key
    this.name = connectedVhost(key, config)
    const { namespace } = config
    this.#namespace = typeof namespace === 'string' && namespace !== '' ? namespace : undefined
    if (namespace === true) {
      this.#leaveOut(
        'namespace',
        'rascal adds a new random prefix at each start of the program; the names here lack it',
      )
    }
    const defaults = tableIn(config, 'defaults') ?? {}
    this.#addExchanges(keyed(config['exchanges']), tableIn(defaults, 'exchanges') ?? {})
    this.#addQueues(keyed(config['queues']), tableIn(defaults, 'queues') ?? {})
    this.#addBindings(config['bindings'], tableIn(defaults, 'bindings') ?? {})
    this.leftOut.push(...inTheProgram(config, `vhosts.${key}.`))
  }

  #leaveOut(place: string, reason: string): void {
    this.leftOut.push({ address: `vhosts.${this.#key}.${place}`, reason })
  }

  #qualified(name: string): string {
    return name === '' || this.#namespace === undefined ? name : `${this.#namespace}:${name}`
  }

  #addExchanges(entries: ReadonlyMap<string, Options>, defaults: Options): void {
    for (const [key, given] of entries) {
      if (key === '') continue
      const each = { ...defaults, ...given }
      if (isUnnamed(key, given)) {
        this.#leaveOut(`exchanges.${key}`, 'it has no name: rascal chooses a random one')
        continue
      }
      const name = this.#qualified(key)
      const options = optionsOf(given, defaults)
      if (!isOn(each, 'assert', true)) {
        this.referred.set(address('exchange', this.name, name), 'rascal does not declare it (assert: false)')
      }
      this.#known.exchange.set(key, name)
      this.exchanges.push({
        vhost: this.name,
        name,
        type: textIn(each, 'type') ?? 'topic',
        durable: isOn(options, 'durable', true),
        auto_delete: isOn(options, 'autoDelete', false),
        internal: isOn(options, 'internal', false),
        arguments: exchangeArguments(options),
      })
    }
  }

  #addQueues(entries: ReadonlyMap<string, Options>, defaults: Options): void {
    for (const [key, given] of entries) {
      const each = { ...defaults, ...given }
      const options = optionsOf(given, defaults)
      const reason = isUnnamed(key, given) ? 'it has no name: rascal chooses a random one' : queueReason(each, options)
      if (reason !== undefined) {
        this.#leaveOut(`queues.${key}`, reason)
        continue
      }
      const { replyTo } = each
      const unique = typeof replyTo === 'string' && replyTo !== '' ? `:${replyTo}` : ''
      const name = `${this.#qualified(key)}${unique}`
      this.#known.queue.set(key, name)
      this.queues.push({
        vhost: this.name,
        name,
        durable: isOn(options, 'durable', true),
        auto_delete: isOn(options, 'autoDelete', false),
        arguments: queueArguments(options, (exchange) => this.#qualified(exchange)),
      })
    }
  }

  #addBindings(given: unknown, defaults: Options): void {
    for (const { name, source, destination, destinationType, key, qualify, table } of bindingsOf(given, defaults)) {
      const from = this.#known.exchange.get(source)
      const to = this.#known[destinationType].get(destination)
      if (from === undefined || to === undefined) {
        const missing = from === undefined ? `exchange ${source}` : `${destinationType} ${destination}`
        this.#leaveOut(`bindings.${name}`, `it needs ${missing}, which is left out or missing`)
        continue
      }
      this.bindings.push({
        vhost: this.name,
        source: from,
        destination: to,
        destination_type: destinationType,
        routing_key: qualify ? this.#qualified(key) : key,
        arguments: table,
      })
    }
  }
}

/** A list may contain tables without a name (ensureKeyedCollection). */
function isUnnamed(key: string, given: Options): boolean {
  return /^unnamed-\d+$/.test(key) && given['name'] === undefined
}

function queueReason(each: Options, options: Options): string | undefined {
  if (!isOn(each, 'assert', true)) return 'rascal does not declare it (assert: false)'
  if (each['replyTo'] === true) return 'a reply queue: rascal gives it a new name at each start of the program'
  if (isOn(options, 'exclusive', false)) return 'it belongs to one connection, and is deleted with it'
  return undefined
}
