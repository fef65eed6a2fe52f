/** The seed of all stream clients, which send equal keys to the same partition (rabbitmq-stream-java-client: HashUtils). */
const SEED = 104_729
const C1 = 0xcc_9e_2d_51
const C2 = 0x1b_87_35_93

/** The MurmurHash3 (x86, 32 bits) of a key in UTF-8, as an unsigned number. */
export function partitionHash(key: string): number {
  // The page of a graph uses it in the browser, which has no Buffer.
  const bytes = new TextEncoder().encode(key)
  const end = bytes.length - (bytes.length % 4)
  let hash = SEED
  for (let at = 0; at < end; at += 4) {
    hash ^= scrambled(littleEndian(bytes.subarray(at, at + 4)))
    hash = (Math.imul(rotated(hash, 13), 5) + 0xe6_54_6b_64) | 0
  }
  hash ^= scrambled(littleEndian(bytes.subarray(end)))
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The binding key of the partition to which a key belongs; undefined without partitions. */
export function partitionOf(partitionKeys: readonly string[], key: string): string | undefined {
  return partitionKeys[partitionHash(key) % partitionKeys.length]
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => (value << 8) | byte, 0)
}

function scrambled(block: number): number {
  return Math.imul(rotated(Math.imul(block, C1), 15), C2)
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
