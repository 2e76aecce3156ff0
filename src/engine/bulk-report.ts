/** What a bulk write did. */
export interface BulkReport {
  /** Different people among those given. */
  readonly people: number
  /** Of them, people whom the engine had not seen before. */
  readonly created: number
}
