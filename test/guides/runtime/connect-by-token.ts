import { connect } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'

/** The answer of an OAuth server, with `expires_in` in seconds. */
export type FetchToken = () => Promise<{ access_token: string; expires_in: number }>

export function connectByToken(fetchToken: FetchToken): Promise<Runtime> {
  return connect({
    topology: 'topology.json',
    credentials: async () => {
      const { access_token, expires_in } = await fetchToken()
      return { username: '', password: access_token, expiresIn: expires_in * 1_000 }
    },
  })
}
