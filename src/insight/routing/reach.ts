/** Why it is unknown which queues a message reaches. */
export interface Doubt {
  readonly kind:
    | 'hash-target'
    | 'random-target'
    | 'exchange-type'
    | 'equal-policies'
    | 'policy-pattern'
    | 'argument-types'
    | 'external-exchange'
    | 'byte-limit'
  /** The address of the object that causes it. */
  readonly address: string
}

/** The queues that a message reaches, as far as the topology determines them. */
export interface Reach {
  /** The names of the queues that it certainly reaches, sorted. */
  readonly queues: readonly string[]
  /** The message also reaches exactly one of the options of each choice. */
  readonly choices: readonly Choice[]
  /** If there are any, the message may reach further queues that the topology does not determine. */
  readonly doubts: readonly Doubt[]
}

/** A decision of the broker that the topology does not determine. */
export interface Choice {
  readonly options: readonly Reach[]
  readonly because: Doubt
}

export const NOWHERE: Reach = { queues: [], choices: [], doubts: [] }

/** Whether it is known which queues the message reaches. */
export function isCertain(reach: Reach): boolean {
  return reach.choices.length === 0 && reach.doubts.length === 0
}

/** All queues that the message may reach, sorted. */
export function possibleQueues(reach: Reach): readonly string[] {
  const names = new Set(reach.queues)
  for (const { options } of reach.choices)
    for (const option of options) for (const name of possibleQueues(option)) names.add(name)
  return [...names].toSorted()
}

/** Whether the message reaches at least one queue whatever the broker decides. */
export function reachesAny(reach: Reach): boolean {
  return reach.queues.length > 0 || reach.choices.some(({ options }) => options.every((option) => reachesAny(option)))
}

/** Whether the message may reach exactly these queues. */
export function mayBe(reach: Reach, observed: ReadonlySet<string>): boolean {
  if (!reach.queues.every((name) => observed.has(name))) return false
  if (reach.doubts.length > 0) return true
  return explains(reach.choices, new Set(reach.queues), observed)
}

/** Tries each option of the first choice, and then the remaining choices. */
function explains(choices: readonly Choice[], reached: ReadonlySet<string>, observed: ReadonlySet<string>): boolean {
  const [first, ...rest] = choices
  if (first === undefined) return reached.size === observed.size
  return first.options.some((option) => {
    if (!option.queues.every((name) => observed.has(name))) return false
    if (option.doubts.length > 0) return true
    return explains([...option.choices, ...rest], new Set([...reached, ...option.queues]), observed)
  })
}
