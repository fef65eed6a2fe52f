import { isOn, keyed, type Options, tableIn, textIn } from './rascal-options.ts'

/** One binding of a config, with one key. */
export interface RascalBinding {
  readonly name: string
  readonly source: string
  readonly destination: string
  readonly destinationType: 'queue' | 'exchange'
  readonly key: string
  /** Whether the namespace is added to the key, too. */
  readonly qualify: boolean
  readonly table: Options
}

const NAME = /([\w:.-]+)\s*(?:\[\s*(.*)\s*\])?\s*->\s*([\w:.-]+)/

/** Expands bindings such as `events[a.#, b.#] -> billing` (lib/config/configure.js, expandBindings). */
export function bindingsOf(section: unknown, defaults: Options): RascalBinding[] {
  return [...keyed(section)].flatMap(([name, given]) => {
    const [, source = '', inName = '', destination = ''] = NAME.exec(name) ?? []
    const each: Options = { ...defaults, ...given }
    const lists = [given['bindingKeys'], given['bindingKey'], inName.split(/[,\s]+/)].flat()
    const keys = new Set(lists.filter((key): key is string => typeof key === 'string' && key !== ''))
    const byDefault = textIn(defaults, 'bindingKey') ?? '#'
    return (keys.size === 0 ? [byDefault] : [...keys]).map((key) => ({
      name,
      source: textIn(given, 'source') ?? source,
      destination: textIn(given, 'destination') ?? destination,
      destinationType: each['destinationType'] === 'exchange' ? 'exchange' : 'queue',
      key,
      qualify: isOn(each, 'qualifyBindingKeys', false),
      table: { ...tableIn(defaults, 'options'), ...tableIn(given, 'options') },
    }))
  })
}
