import { ManagementClient } from '../../broker/management/client.ts'
import { readGlob } from '../../model/names/given-address.ts'
import type { BrokerOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { type Owner, ownersIn, readAllRecords, requireKnown } from './read-owners.ts'

export interface OwnersOptions extends BrokerOptions {
  /** Addresses or globs; all if empty. */
  readonly addresses: readonly string[]
}

/**
 * Lists owners by address. A taken-over object is listed only for its new owner, even while the clean-up is pending.
 *
 * @throws {WarrenError} `INVALID_OPTION` when an address or a glob is malformed
 * @throws {WarrenError} `ACCESS_REFUSED` when the login may not read the records
 */
export async function owners(options: OwnersOptions): Promise<readonly Owner[]> {
  return withSecrets(options, async (own) => {
    const client = new ManagementClient(own.connection, own.secrets)
    try {
      await reachBroker(client, own)
      const live = await readAllRecords(client)
      const given = own.addresses.map((each) => readGlob('the address', each))
      await requireKnown(client, live, given)
      return ownersIn(live, given)
    } finally {
      await client.close()
    }
  })
}
