/**
 * Topologies with a finding, for the codes that an example explains best. A test checks that each one has its
 * finding.
 */
export const EXAMPLES: Readonly<Record<string, string>> = {
  'duplicate-key': topology(`queues:
  invoices: { type: quorum }
  invoices: { type: classic }`),
  'unknown-key': topology(`queues:
  invoices: { type: quorum, durabel: true }`),
  'wrong-value': topology(`queues:
  invoices: { type: quorum, maxLength: many }`),
  'yaml-syntax': topology(`queues: { invoices: { type: quorum }`),
  'key-not-text': topology(`queues:
  [invoices]: { type: quorum }`),
  'unknown-tag': topology(`queues:
  invoices: { type: !quorum quorum }`),
  'alias-unknown': topology(`queues:
  invoices: *defaults`),
  'number-not-finite': topology(`queues:
  invoices: { type: quorum, maxLength: .inf }`),
  'environment-variable-not-set': topology(`exchanges:
  events: { type: topic, arguments: { x-region: '\${env:REGION}' } }`),
  'variable-not-given': topology(`exchanges:
  events: { type: topic, arguments: { x-region: '\${var:region}' } }`),
  'reference-malformed': topology(`exchanges:
  events: { type: topic, arguments: { x-region: '\${region' } }`),
  'name-reserved': topology(`exchanges:
  amq.events: { type: topic }`),
  'unknown-exchange': topology(`queues:
  invoices:
    type: quorum
    bindings: [{ exchange: evnets, routingKey: 'invoice.#' }]`),
  'unknown-queue': topology(`publications:
  invoice: { queue: invioces }`),
  'for-each-not-in-key': topology(`queues:
  invoices: { forEach: { tenant: [acme, globex] }, type: quorum }`),
  'for-each-form': topology(`queues:
  'invoices.\${tenant}': { forEach: [acme, globex], type: quorum }`),
  'argument-twice': topology(`queues:
  invoices: { type: quorum, maxLength: 10, arguments: { x-max-length: 10 } }`),
  'property-not-of-type': topology(`queues:
  invoices: { type: stream, messageTtl: 5m }`),
  'queue-type-unknown': topology(`queues:
  invoices: { arguments: { x-queue-type: lazy } }`),
  'always-durable': topology(`queues:
  invoices: { type: quorum, durable: false }`),
  'overflow-not-on-quorum': topology(`queues:
  invoices: { type: quorum, maxLength: 10, overflow: reject-publish-dlx }`),
  'policy-empty': topology(`policies:
  limits: { pattern: '.*', applyTo: queues, definition: {} }`),
  'policy-key-prefixed': topology(`policies:
  limits: { pattern: '.*', applyTo: queues, definition: { x-max-length: 10 } }`),
  'expression-invalid': topology(`policies:
  limits: { pattern: '*', applyTo: queues, definition: { max-length: 10 } }`),
  'retry-without-dead-letter': topology(`queues:
  invoices: { type: quorum, retry: { delays: [5s, 1m] } }`),
  'native-needs-quorum': topology(`queues:
  invoices: { type: classic, retry: { delays: [5s, 10s], mode: native }, deadLetter: true }`),
  'dead-letters-to-itself': topology(`queues:
  invoices: { type: quorum, deadLetter: { queue: invoices } }`),
  'password-and-hash': topology(`users:
  billing: { password: '\${env:BILLING_PASSWORD:-x}', passwordHash: k9Vm }`),
  'policy-key-misspelt': topology(`policies:
  limits: { pattern: '^invoices$', applyTo: queues, definition: { max-lenght: 10 } }`),
  'full-queue-drops': topology(`queues:
  invoices: { type: quorum, maxLength: 10 }
subscriptions:
  billing: { queue: invoices }`),
  'template-unknown': topology(`queues:
  invoices: { template: [durable] }`),
  'dead-letter-exchange-unknown': topology(`queues:
  invoices: { type: quorum, arguments: { x-dead-letter-exchange: failures } }`),
  'exchange-type-misspelt': topology(`exchanges:
  events: { type: topci }`),
  'publication-reaches-nothing': topology(`exchanges:
  events: { type: topic }
publications:
  invoice: { exchange: events, routingKey: invoice.sent }`),
}

function topology(sections: string): string {
  return `warren: 1\nproject: shop\nvhost: shop\n${sections}`
}
