/** The ports on which RabbitMQ listens by default. */
export const DEFAULT_PORTS = { amqp: 5672, amqps: 5671 } as const

/** The host name of a parsed URL, without the brackets around an IPv6 address. */
export function hostOfUrl({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** A host name in the form for a URL: an IPv6 address in brackets. */
export function hostInUrl(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname
}
