/**
 * Names of objects that could be read as markup, as a part of an address or as a pattern, and one of the maximum
 * length.
 */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>window.hacked=1</script>',
  '</script><script>window.hacked=2</script>',
  '"><img src=x onerror=window.hacked=3>',
  "it's `${1}` &amp; \\ $& $1",
  'a/b%2Fc~d@e#f?g=h&i',
  'größe 箱 🐇 \u202egnp.exe',
  '*.#.^$[(',
  `${'long-name-'.repeat(25)}ended`,
]

/** Exported definitions with these names for a virtual host, exchanges, queues and keys. */
export function hostileDefinitions(): string {
  const vhost = '</script><b>'
  return JSON.stringify({
    rabbitmq_version: '4.3.0',
    vhosts: [{ name: vhost }],
    exchanges: HOSTILE_NAMES.map((name) => ({
      vhost,
      name,
      type: 'topic',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: HOSTILE_NAMES.map((name) => ({ vhost, name, durable: true, auto_delete: false, arguments: {} })),
    bindings: HOSTILE_NAMES.map((name) => ({
      vhost,
      source: name,
      destination: name,
      destination_type: 'queue',
      routing_key: name,
      arguments: { [name]: name },
    })),
  })
}
