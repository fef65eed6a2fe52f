/** A table of a config. */
export type Options = Readonly<Record<string, unknown>>

/** Reads a table within another one. */
export function tableIn(value: unknown, key: string): Options | undefined {
  const found = isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isTable(found) ? found : undefined
}

export function textIn(table: Options, key: string): string | undefined {
  const found = table[key]
  return typeof found === 'string' ? found : undefined
}

export function isOn(table: Options, key: string, byDefault: boolean): boolean {
  const found = table[key]
  return found === undefined || found === null ? byDefault : Boolean(found)
}

/** Reads a section as a table by name: a list contains names, or tables with a name (ensureKeyedCollection). */
export function keyed(section: unknown): ReadonlyMap<string, Options> {
  if (Array.isArray(section)) {
    const items = section.map((each: unknown): Options =>
      typeof each === 'string' ? { name: each } : isTable(each) ? each : {},
    )
    return new Map(items.map((each, index) => [textIn(each, 'name') ?? `unnamed-${index + 1}`, each]))
  }
  if (!isTable(section)) return new Map()
  return new Map(Object.entries(section).map(([name, each]) => [name, isTable(each) ? each : {}]))
}

/** The options of an object. They take precedence over the defaults, and so does each argument (defaultsDeep). */
export function optionsOf(given: Options, defaults: Options): Options {
  const [own, byDefault] = [tableIn(given, 'options') ?? {}, tableIn(defaults, 'options') ?? {}]
  return { ...byDefault, ...own, arguments: { ...tableIn(byDefault, 'arguments'), ...tableIn(own, 'arguments') } }
}

/** Options of amqplib that correspond to arguments with other names (amqplib, lib/api_args.js). */
const QUEUE_OPTIONS: Readonly<Record<string, string>> = {
  expires: 'x-expires',
  messageTtl: 'x-message-ttl',
  deadLetterExchange: 'x-dead-letter-exchange',
  deadLetterRoutingKey: 'x-dead-letter-routing-key',
  maxLength: 'x-max-length',
  maxPriority: 'x-max-priority',
  overflow: 'x-overflow',
  queueMode: 'x-queue-mode',
}

/** @param qualify adds the namespace. rascal adds it only if the arguments name a dead-letter exchange */
export function queueArguments(options: Options, qualify: (exchange: string) => string): Options {
  const table = { ...tableIn(options, 'arguments') }
  const exchange = table['x-dead-letter-exchange']
  if (typeof exchange === 'string') table['x-dead-letter-exchange'] = qualify(exchange)
  return { ...table, ...renamed(options, QUEUE_OPTIONS) }
}

export function exchangeArguments(options: Options): Options {
  return { ...tableIn(options, 'arguments'), ...renamed(options, { alternateExchange: 'alternate-exchange' }) }
}

function renamed(options: Options, names: Readonly<Record<string, string>>): Options {
  const given = Object.entries(names).filter(([option]) => options[option] !== undefined && options[option] !== null)
  return Object.fromEntries(given.map(([option, name]) => [name, options[option]]))
}

function isTable(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
