import type { RedisClient } from '../redis/redis-client.ts'
import type { OffsetStore } from './offset-store.ts'

const READ = `return redis.call('GET', KEYS[1])`
// A script, because it reads and writes, and Redis runs no other commands in between.
const WRITE = `
local kept = redis.call('GET', KEYS[1])
if not kept or tonumber(kept) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return 1`

/**
 * Keeps offsets in Redis. If Redis loses its newest writes in a crash, messages are handled again.
 *
 * @param client a client of `ioredis`, which the program has to close itself
 * @param options.prefix the prefix of the keys (default `warren:offsets:`)
 */
export function redisOffsets(
  client: RedisClient,
  { prefix = 'warren:offsets:' }: { prefix?: string } = {},
): OffsetStore {
  return {
    async read(subscription) {
      const kept = await client.eval(READ, 1, prefix + subscription)
      return kept === null ? undefined : Number(kept)
    },
    async write(subscription, next) {
      await client.eval(WRITE, 1, prefix + subscription, next)
    },
  }
}
