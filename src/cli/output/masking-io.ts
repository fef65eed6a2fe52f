import { escapeForeignControls } from '../../diagnostics/text/shown-text.ts'
import { isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'
import { maskDocument } from '../../model/secrets/mask-data.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { askAtTerminal } from '../terminal/ask-at-terminal.ts'
import type { Io, ProcessIo } from './io.ts'
import { writeFileTo } from './write-file-to.ts'

/** Variables whose names look like a secret, but which contain a path. */
const PATHS = new Set(['PWD', 'OLDPWD'])

/** A URL without its scheme: `guest:password@host`. */
const WITHOUT_SCHEME = /^[^\s/:@]+:(.+)@[^@]+$/s

/** An address such as `queue:VHOST/a@b`. The part before the `@` is not a password. */
const ADDRESS = /^(?:exchange|queue|binding|policy|operator-policy|parameter|permission|topic-permission):[^/]+\//

/**
 * The only exit of a command: everything that it writes, including files, is masked here and nowhere else. Secrets of
 * the command line and the environment are registered immediately, so that errors about them do not show them. It
 * also escapes terminal control characters of any origin.
 */
export function maskingIo(io: ProcessIo, args: readonly string[]): Io {
  const secrets = new SecretRegistry()
  for (const argument of args) {
    // Values such as those of --var: NAME=VALUE.
    const at = argument.indexOf('=')
    secrets.addFrom(argument)
    const value = argument.slice(at + 1)
    secrets.addFrom(value, at > 0 && isSecretKey(argument.slice(0, at)))
    if (!ADDRESS.test(value)) secrets.add(WITHOUT_SCHEME.exec(value)?.[1] ?? '')
  }
  registerVariables(secrets, io.environment)
  let input: Promise<Uint8Array> | undefined
  return {
    ...io,
    readInput: () => (input ??= io.readInput?.() ?? Promise.resolve(new Uint8Array())),
    secrets,
    out: (text) => io.out(escapeForeignControls(maskDocument(text, secrets))),
    err: (text) => io.err(escapeForeignControls(maskDocument(text, secrets))),
    ask: (question) => (io.ask ?? askAtTerminal)(escapeForeignControls(secrets.mask(question))),
    file: (option, path, text, mode) => writeFileTo(option, path, maskDocument(text, secrets), mode),
    reveal: io.out,
    rewrite: (path, text, mode) => writeFileTo('the file', path, text, mode),
  }
}

/** Registers the secrets in variables of the process or of a `.env` file. */
export function registerVariables(secrets: SecretRegistry, variables: ProcessIo['environment']): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || PATHS.has(name)) continue
    secrets.addFrom(value, isSecretKey(name))
    if (/_(?:URL|HOST)$/.test(name)) secrets.add(WITHOUT_SCHEME.exec(value)?.[1] ?? '')
  }
}
