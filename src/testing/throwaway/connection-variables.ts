import type { Broker } from './broker.ts'

/**
 * The environment variables with which the command line, the runtime and `startBroker` of other processes find a
 * broker. They contain its login.
 */
export function connectionVariables(broker: Pick<Broker, 'managementUrl' | 'amqpUrl' | 'username' | 'password'>): {
  readonly WARREN_URL: string
  readonly WARREN_AMQP_URL: string
} {
  return {
    WARREN_URL: urlWithLogin(broker.managementUrl, broker),
    WARREN_AMQP_URL: urlWithLogin(broker.amqpUrl, broker),
  }
}

/** Puts a login into a URL; all characters are allowed. */
export function urlWithLogin(url: string, login: { readonly username: string; readonly password: string }): string {
  const { protocol, host, pathname, search } = new URL(url)
  const path = pathname === '/' ? '' : pathname
  return `${protocol}//${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@${host}${path}${search}`
}
