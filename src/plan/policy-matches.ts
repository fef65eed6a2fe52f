import type { Policy } from '../model/topology.ts'

/** What a policy may hold for. */
export interface PolicyTarget {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
  /** The queue's type; undefined leaves it to the vhost. */
  readonly type?: string
}

/** Which kinds of objects each `apply-to` means (RabbitMQ docs, Policies). */
const APPLIES: Readonly<Record<string, (target: PolicyTarget) => boolean>> = {
  all: () => true,
  exchanges: ({ kind }) => kind === 'exchange',
  queues: ({ kind }) => kind === 'queue',
  classic_queues: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'classic'),
  quorum_queues: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'quorum'),
  streams: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'stream'),
}

/** What PCRE knows and JavaScript reads otherwise or not at all. */
const NOT_IN_JAVASCRIPT = /\(\?[imsx#>|+-]|\[\[:|[*+?}]\+|\\[AzZGKQEhHRX]|\(\*/

/**
 * Whether a policy's pattern and `apply-to` match an object. The broker matches bytes, unanchored and case-sensitive
 * (rabbit_policy).
 *
 * @returns undefined where the pattern uses what JavaScript cannot evaluate
 */
export function policyMatches(
  { pattern, applyTo }: Pick<Policy, 'pattern' | 'applyTo'>,
  target: PolicyTarget,
): boolean | undefined {
  if (APPLIES[applyTo]?.(target) === false) return false
  const expression = compiled(pattern)
  return expression?.test(bytesOf(target.name))
}

const COMPILED = new Map<string, RegExp | undefined>()
const MOST_COMPILED = 1_000

function compiled(pattern: string): RegExp | undefined {
  if (!COMPILED.has(pattern)) {
    if (COMPILED.size >= MOST_COMPILED) COMPILED.clear()
    COMPILED.set(pattern, compile(pattern))
  }
  return COMPILED.get(pattern)
}

function compile(pattern: string): RegExp | undefined {
  if (NOT_IN_JAVASCRIPT.test(pattern)) return undefined
  try {
    return new RegExp(bytesOf(pattern))
  } catch {
    return undefined
  }
}

/** Each byte as one character: to the broker, `.` matches a byte of `é`, not the whole of it. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
