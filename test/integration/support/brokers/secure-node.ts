import { execFile } from 'node:child_process'
import { createSign, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { freePorts } from '../../../../src/testing/throwaway/node/free-ports.ts'
import { configuredNode } from './configured-node.ts'
import type { ConfiguredNode } from './configured-node.ts'

/** A private node with TLS, certificates as logins, and OAuth tokens. */
export interface SecureNode extends ConfiguredNode {
  readonly tlsPort: number
  /** Paths of PEM files; the client's certificate names the user `client`. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
  /** A token with all rights. */
  token(lifetime: number): string
}

const AUDIENCE = 'rabbitmq'

/** Starts the node, which ends after the tests of the file. */
export async function secureNode(): Promise<SecureNode> {
  const secrets = await mkdtemp(join(tmpdir(), 'warren-secrets-'))
  afterAll(() => rm(secrets, { recursive: true, force: true }))
  const files = await makeCertificates(secrets)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const tokenKey = join(secrets, 'token.pem')
  await writeFile(tokenKey, publicKey.export({ type: 'spki', format: 'pem' }))
  const [tlsPort = 0] = await freePorts(1)
  const node = await configuredNode({
    plugins: ['rabbitmq_auth_mechanism_ssl', 'rabbitmq_auth_backend_oauth2'],
    configuration: [
      `listeners.ssl.default = 127.0.0.1:${tlsPort}`,
      `ssl_options.cacertfile = ${files.ca}`,
      `ssl_options.certfile = ${join(secrets, 'server.pem')}`,
      `ssl_options.keyfile = ${join(secrets, 'server.key')}`,
      'ssl_options.verify = verify_peer',
      'ssl_options.fail_if_no_peer_cert = false',
      'ssl_cert_login_from = common_name',
      'auth_mechanisms.1 = PLAIN',
      'auth_mechanisms.2 = EXTERNAL',
      'auth_backends.1 = internal',
      'auth_backends.2 = rabbit_auth_backend_oauth2',
      `auth_oauth2.resource_server_id = ${AUDIENCE}`,
      'auth_oauth2.default_key = key',
      `auth_oauth2.signing_keys.key = ${tokenKey}`,
    ],
  })
  return { ...node, tlsPort, files, token: (lifetime) => signedToken(privateKey, lifetime) }
}

async function makeCertificates(folder: string) {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder })
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test-ca',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  )
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  for (const [name, subject] of [
    ['server', 'localhost'],
    ['client', 'client'],
  ] as const) {
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${subject}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    )
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
      '-out',
      `${name}.pem`,
    )
  }
  return { ca: join(folder, 'ca.pem'), cert: join(folder, 'client.pem'), key: join(folder, 'client.key') }
}

function signedToken(key: Parameters<ReturnType<typeof createSign>['sign']>[0], lifetime: number): string {
  const scope = ['configure', 'write', 'read'].map((right) => `${AUDIENCE}.${right}:*/*`)
  const now = Math.floor(Date.now() / 1_000)
  const claims = { sub: 'robot', aud: [AUDIENCE], scope, iat: now, exp: now + Math.ceil(lifetime / 1_000) }
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: 'key' }, claims]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`
}
