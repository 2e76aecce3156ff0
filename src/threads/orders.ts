/** What a thread is started with. */
export interface ThreadStart {
  /** The number of the order that is to be given up: looked at while it is worked on. */
  readonly cancelled: Int32Array
}

/** Tells somebody in a thread what all of its work is about. */
export interface Setup {
  readonly setup: string
  readonly message: unknown
}

/** A piece of work. Numbers of orders ascend. */
export interface Order {
  readonly order: number
  readonly to: string
  readonly message: unknown
}

/** What came of an order. */
export type Answer =
  | { readonly order: number; readonly answer: unknown }
  | { readonly order: number; readonly error: unknown }
