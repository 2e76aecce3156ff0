import { byHandPeer } from './by-hand.ts'
import { clickhousePeer } from './clickhouse.ts'
import type { ShapesCrowd } from './crowd.ts'
import { crowdbitPeer } from './crowdbit.ts'
import { duckdbPeer } from './duckdb.ts'
import type { Peer } from './questions.ts'
import { sqlitePeer } from './sqlite.ts'
import { flatPeer, setPeer, typedFastBitSetPeer } from './words.ts'

/** Budget of the kernel: what it would take to have every flag of the bench as an image at 100 million people. */
const imageBytes = 2 ** 31 - 65_536

/** One that takes part. */
export interface PeerKind {
  /** Up to so many people: beyond, one question takes seconds, or memory ends. */
  readonly most: number
  /** Whether it answers by JavaScript, which is asked some hundred times on few people first, as in a service that has been up for a second. */
  readonly warmsUp?: boolean
  readonly open: (crowd: ShapesCrowd) => Peer | Promise<Peer>
}

export const peers: Readonly<Record<string, PeerKind>> = {
  crowdbit: { warmsUp: true, most: Number.POSITIVE_INFINITY, open: (crowd) => crowdbitPeer(crowd, imageBytes) },
  'roaring, best': { warmsUp: true, most: Number.POSITIVE_INFINITY, open: (crowd) => byHandPeer(crowd, 'best') },
  'roaring, naive': { warmsUp: true, most: Number.POSITIVE_INFINITY, open: (crowd) => byHandPeer(crowd, 'naive') },
  'flat SIMD': { warmsUp: true, most: Number.POSITIVE_INFINITY, open: flatPeer },
  typedfastbitset: { warmsUp: true, most: Number.POSITIVE_INFINITY, open: typedFastBitSetPeer },
  Set: { warmsUp: true, most: 10_000_000, open: setPeer },
  DuckDB: { most: Number.POSITIVE_INFINITY, open: duckdbPeer },
  'ClickHouse, columns': { most: Number.POSITIVE_INFINITY, open: (crowd) => clickhousePeer(crowd, 'columns') },
  'ClickHouse, bitmaps': { most: Number.POSITIVE_INFINITY, open: (crowd) => clickhousePeer(crowd, 'bitmaps') },
  SQLite: { most: 1_000_000, open: sqlitePeer },
}
