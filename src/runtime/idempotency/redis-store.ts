import { withCode } from '../../diagnostics/error-code.ts'
import type { RedisClient } from '../redis/redis-client.ts'
import type { IdempotencyStore } from './idempotency-store.ts'

const DONE = 'done'
const HELD = 'held:'

// Each step is a script, because it reads and writes, and Redis runs no other commands in between. Keys expire
// automatically.
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
 * Stores keys in Redis, for all processes that use it. Each message has one Redis key, which expires automatically.
 *
 * If Redis loses its newest writes in a crash, or evicts keys (`maxmemory-policy`), a message may be handled twice.
 *
 * @param client a client of `ioredis`, which the program has to close itself
 * @param options.prefix the prefix of the keys (default `warren:idempotency:`)
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

/** Redis accepts only positive whole numbers of milliseconds. */
function whole(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds))
}
