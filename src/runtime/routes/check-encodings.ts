import { isEncodingSupported, ZSTD_SINCE } from '../../broker/amqp/messages/body-encoding.ts'
import type { Routes } from '../../model/routes.ts'
import { ConnectError } from '../connection/connect-error.ts'

/** Throws a `ConnectError` for a route whose encoding this version of Node.js does not have. */
export function checkEncodings({ publications, subscriptions }: Routes): void {
  for (const { name, message } of [...publications, ...subscriptions]) {
    const encoding = message?.encoding
    if (encoding === undefined || isEncodingSupported(encoding)) continue
    throw new ConnectError(
      `"${name}" has the encoding ${encoding}, which Node.js ${process.versions.node} does not support`,
      {
        code: 'NOT_SUPPORTED',
        hint: `run the program with Node.js ${ZSTD_SINCE} or newer, declare gzip, or name the used routes in the option "routes"`,
      },
    )
  }
}
