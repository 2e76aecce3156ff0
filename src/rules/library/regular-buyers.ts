/** Bought in most of the last months. */
export const regularBuyers = {
  name: 'regular buyers',
  title: {
    en: 'Regular buyers',
    zh: '规律复购客户',
  },
  description: {
    en: 'Bought in most of the last months.',
    zh: '最近多数月份都有购买的人。',
  },
  parameters: {
    months: {
      type: 'integer',
      title: {
        en: 'Months with a purchase',
        zh: '有购买的月数',
      },
      default: 3,
      min: 1,
    },
    of: {
      type: 'integer',
      title: {
        en: 'Of the last months',
        zh: '最近月数',
      },
      default: 6,
      min: 1,
      max: 120,
    },
    times: {
      type: 'integer',
      title: {
        en: 'Least purchases in each',
        zh: '每月最少次数',
      },
      default: 1,
      min: 1,
    },
    purchase: {
      type: 'event',
      title: {
        en: 'The event of buying',
        zh: '购买事件',
      },
      default: 'purchase',
    },
  },
  rule: 'regular $purchase at least $times times in at least $months of last $of months',
  example: {
    months: 2,
    of: 3,
  },
} as const
