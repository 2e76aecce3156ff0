/** The lowest bit of an address says that a list of values is there, and not a block. */
export const listed = 1

/** Where the containers of a bitmap are in the memory of the kernel. */
export interface ImageContainers {
  /** By key: 0 for no values, the address of a block, or that of a list and `listed`. */
  readonly addresses: Uint32Array
  /** By key: how many values a list has. */
  readonly lengths: Uint16Array
}

/** What an operand of a program stands for: a bitmap, or the union of several. */
export type Operand<Of> = Of | readonly Of[]

export function isUnion<Of extends object>(operand: Operand<Of>): operand is readonly Of[] {
  return Array.isArray(operand)
}

/** Each bitmap of the operands, those of unions one by one. */
export function flat<Of extends object>(operands: readonly Operand<Of>[]): readonly Of[] {
  return operands.flatMap((operand) => operand as Of | Of[])
}
