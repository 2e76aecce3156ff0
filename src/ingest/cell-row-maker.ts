import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import { type Mapping, twice } from './mapping.ts'
import { RowFault } from './row-fault.ts'
import { type MadeRow, maxIgnored, type RowMaker } from './row-maker.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Makes rows of cells under a header. Where each cell goes is settled once. */
export class CellRowMaker implements RowMaker<readonly string[]> {
  readonly ignored: readonly string[]
  readonly #mapping: Mapping
  readonly #tagAt: number
  /** Where in a row the id is. */
  readonly idAt: number
  readonly cells: readonly ValueCell[]
  /** Where in a row each of them is. */
  readonly places: readonly number[]
  readonly #byColumn: ReadonlyMap<string, ValueCell>

  /** @throws INGEST_MAPPING for a column that is missing, or that is there twice */
  constructor(header: readonly string[], mapping: Mapping) {
    const names = header.map((name) => name.normalize('NFC'))
    for (const name of mapping.needed) checkPresent(name, names)
    this.#mapping = mapping
    this.idAt = names.indexOf(mapping.id.source)
    this.#tagAt = mapping.tag === null ? -1 : names.indexOf(mapping.tag.source)
    const byColumn = new Map<string, ValueCell>()
    const places: number[] = []
    names.forEach((name, at) => {
      const cell = mapping.cellOf(name)
      if (cell === null) return
      const other = byColumn.get(cell.to)
      if (other !== undefined) throw twice(cell.to, other.source, name)
      byColumn.set(cell.to, cell)
      places.push(at)
    })
    for (const cell of mapping.own) {
      byColumn.set(cell.to, cell)
      places.push(names.indexOf(cell.source))
    }
    this.#byColumn = byColumn
    this.cells = [...byColumn.values()]
    this.places = places
    this.ignored = names.filter((name) => mapping.ignores(name)).slice(0, maxIgnored)
  }

  make(cells: readonly string[]): MadeRow | RowFault {
    const id = this.#mapping.id.ofText(cells[this.idAt]!)
    if (id instanceof RowFault) return id
    const row: NewRow = {}
    for (let i = 0; i < this.cells.length; i++) {
      const fault = this.cells[i]!.write(cells[this.places[i]!], row)
      if (fault !== null) return fault
    }
    if (this.#mapping.tag !== null) {
      const flag = this.#mapping.tag.flagOf(cells[this.#tagAt])
      if (flag instanceof RowFault) return flag
      row[flag] = true
    }
    return [id, row]
  }

  cellTo(column: string): ValueCell | undefined {
    return this.#byColumn.get(column)
  }
}

function checkPresent(name: string, header: readonly string[]): void {
  const first = header.indexOf(name)
  if (first === -1) {
    const suggestion = nearestName(name, header)
    const shown = header.slice(0, 10).map(show).join(', ')
    throw new CrowdbitError(
      'INGEST_MAPPING',
      `the source has no column ${show(name)}.${didYouMean(suggestion)} Its columns are ${shown}${header.length > 10 ? ', …' : ''}; a source without a header row needs the option columns of csv()`,
      { name, suggestion, columns: header.slice(0, maxIgnored) },
    )
  }
  if (header.indexOf(name, first + 1) !== -1) {
    throw new CrowdbitError(
      'INGEST_MAPPING',
      `the source has two columns ${show(name)}; name its columns with the option columns of csv(), and leave the header row out`,
      { name },
    )
  }
}
