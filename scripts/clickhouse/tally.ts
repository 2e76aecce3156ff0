/** What was compared, and where ClickHouse differed. */
export class Tally {
  readonly name: string
  #questions = 0
  #answers = 0
  #telling = 0
  #different = 0
  readonly #differences = new Map<string, { answers: number; people: number; example: string }>()

  constructor(name: string) {
    this.name = name
  }

  /** One more question was asked. */
  ask(): void {
    this.#questions++
  }

  /** One more answer was compared: so many people of so many. */
  answer(people: number, everyone: number): void {
    this.#answers++
    if (people > 0 && people < everyone) this.#telling++
  }

  /** ClickHouse differs in an answer by so many people each, for reasons that we know and by which we are right. */
  differ(reasons: Readonly<Record<string, number>>, example: () => string): void {
    this.#different++
    for (const [reason, people] of Object.entries(reasons)) {
      if (people === 0) continue
      const known = this.#differences.get(reason)
      if (known === undefined) this.#differences.set(reason, { answers: 1, people, example: example() })
      else {
        known.answers++
        known.people += people
      }
    }
  }

  toString(): string {
    const lines = [
      `${this.name}: ${this.#questions} questions, ${this.#answers} answers, ${this.#telling} of them neither nobody nor everyone, ${this.#different} different`,
    ]
    for (const [reason, { answers, people, example }] of this.#differences) {
      lines.push(`  ${answers} answers differ by ${people} people: ${reason}`)
      lines.push(...example.split('\n').map((line) => `    ${line}`))
    }
    return lines.join('\n')
  }
}
