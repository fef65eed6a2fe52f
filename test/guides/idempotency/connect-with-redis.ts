import type { Redis } from 'ioredis'
import { redisStore } from 'warren/idempotency'
import { connect } from 'warren/runtime'

export function connectWithRedis(redis: Redis) {
  return connect({ topology: 'topology.json', idempotency: { store: redisStore(redis) } })
}
