/** Mothers who looked at milk powder in the last 15 days and have never bought here. */
export const headline = '精致妈妈 and did browse(category = "奶粉") in last 15 days including today minus did purchase'

/** The same without the last condition. */
export const prospects = '精致妈妈 and did browse(category = "奶粉") in last 15 days including today'
