import { withCode } from '../../diagnostics/error-code.ts'
import type { IdempotencyStore } from './idempotency-store.ts'

/** The part of a client of `ioredis` that is used here. */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>
}

const DONE = 'done'
const HELD = 'held:'

// Scripts, because each step reads and writes: Redis runs nothing in between. A key runs out by itself.
const ACQUIRE = `
local mark = redis.call('GET', KEYS[1])
if mark == '${DONE}' then return 'done' end
if mark and mark ~= ARGV[1] then return 'busy' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'acquired'`
const COMPLETE = `
local mark = redis.call('GET', KEYS[1])
if not mark or mark == ARGV[1] then redis.call('SET', KEYS[1], '${DONE}', 'PX', ARGV[2]) end
return 1`
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`

/**
 * Keeps the marks in Redis, for all processes that use it. One key of Redis for each message, which expires by itself.
 *
 * A Redis that loses its newest writes when it crashes, or that evicts keys (`maxmemory-policy`), forgets marks; a
 * message may then be done twice.
 *
 * @param client a client of `ioredis`, which the program has to close itself
 * @param options.prefix of the keys (default `warren:idempotency:`)
 */
export function redisStore(
  client: RedisClient,
  { prefix = 'warren:idempotency:' }: { prefix?: string } = {},
): IdempotencyStore {
  return {
    async acquire(key, holder, lease) {
      const answer = await client.eval(ACQUIRE, 1, prefix + key, HELD + holder, whole(lease))
      if (answer === 'acquired' || answer === 'busy' || answer === 'done') return answer
      throw withCode('IDEMPOTENCY_UNAVAILABLE', new TypeError(`Redis answered ${JSON.stringify(answer)} to a lease`))
    },
    async complete(key, holder, ttl) {
      await client.eval(COMPLETE, 1, prefix + key, HELD + holder, whole(ttl))
    },
    async release(key, holder) {
      await client.eval(RELEASE, 1, prefix + key, HELD + holder)
    },
  }
}

/** Redis takes whole milliseconds from 1 on. */
function whole(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds))
}
