import type { TraceTarget } from '../operations/insight/trace.ts'

/** The message of an expectation: that of a publication, or a message to an exchange. */
export type RoutedMessage = Exclude<TraceTarget, { readonly queue: string }>

export interface ExpectRoutedOptions {
  /** The virtual host of the publication or exchange. Default: the only virtual host that has it. */
  readonly vhost?: string
  /** The broker version whose rules apply, such as `4.3`. Default: the newest. */
  readonly brokerVersion?: string
  /** Values of `${env:NAME}`. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Expects that a message reaches exactly these queues, by the broker's rules, without a broker. Throws an error with
 * `expected` and `actual`, whose difference test runners show.
 *
 * @param paths files and folders; a folder means all `*.yaml` and `*.yml` below it
 * @param queues in any order; none for a message that reaches no queue
 * @throws {InvalidInputError} when the files are invalid
 * @throws {Error} when the message reaches other queues, or the topology does not determine which
 */
export async function expectRouted(
  paths: string | readonly string[],
  message: RoutedMessage,
  queues: readonly string[],
  options: ExpectRoutedOptions = {},
): Promise<void> {
  // Only tests of routing load this module.
  const { trace } = await import('../operations/insight/trace.ts')
  const { environment = process.env, vhost, brokerVersion } = options
  const traced = await trace({
    files: { paths: [paths].flat(), environment },
    target: message,
    ...(vhost !== undefined && { vhost }),
    ...(brokerVersion !== undefined && { brokerVersion }),
  })
  if (traced.kind !== 'message') return
  const { choices, doubts, queues: actual } = traced.reach
  const [doubt] = [...doubts, ...choices.map(({ because }) => because)]
  if (doubt !== undefined) {
    throw new Error(
      `the topology does not determine which queues the message reaches: ${doubt.kind} at ${doubt.address}`,
    )
  }
  const expected = [...new Set(queues)].toSorted()
  if (JSON.stringify(expected) === JSON.stringify(actual)) return
  const list = (names: readonly string[]) => names.map((each) => JSON.stringify(each)).join(', ') || 'no queue'
  throw Object.assign(new Error(`the message reaches ${list(actual)}, and not ${list(expected)}`), { expected, actual })
}
