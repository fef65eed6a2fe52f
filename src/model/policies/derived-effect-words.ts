import { canonicalJson } from '../address.ts'
import { durationLabel } from '../values/duration.ts'
import type { DerivedLoss } from './derived-effects.ts'
import type { PolicySetting } from './effective-settings.ts'

/** Describes the loss that a policy's setting causes in a derived queue. */
export function lossWords(loss: DerivedLoss, { key, effective, declared }: Omit<PolicySetting, 'by'>): string {
  switch (loss) {
    case 'dead-letters-expire':
      return `expires its dead letters after ${timeWords(effective)}`
    case 'queue-expires':
      return `deletes it with its messages when it is unused for ${timeWords(effective)}`
    case 'dead-letters-dropped':
      return `drops the oldest dead letters at ${key} ${textOf(effective)}`
    case 'dead-letters-refused':
      return `refuses dead letters at ${key} ${textOf(effective)}, and these are lost`
    case 'returns-counted':
      return `drops dead letters that were returned ${textOf(effective)} times, for example because someone looks at them`
    case 'retries-early':
      return key === 'message-ttl'
        ? `ends its delay of ${timeWords(declared)} after ${timeWords(effective)}`
        : `ends the delay of the oldest messages at ${key} ${textOf(effective)}`
    case 'at-most-once':
      return `no longer keeps messages until their target has confirmed them, since overflow is ${textOf(effective)}`
  }
}

/** The settings in the notation of a policy: `max-length 5, message-ttl 60000`. */
export function settingWords(settings: readonly Pick<PolicySetting, 'key' | 'effective'>[]): string {
  return settings.map(({ key, effective }) => `${key} ${textOf(effective)}`).join(', ')
}

function timeWords(value: unknown): string {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? durationLabel(value) : textOf(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
