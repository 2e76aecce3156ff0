/** Has a birthday in the month, and has bought before. */
export const birthdayMonth = {
  name: 'birthday month',
  title: {
    en: 'Birthday month',
    zh: '生日月',
  },
  description: {
    en: 'Has a birthday in the month, and has bought before.',
    zh: '当月过生日的老客。',
  },
  parameters: {
    month: {
      type: 'integer',
      title: {
        en: 'The month, 1 to 12',
        zh: '月份',
      },
      min: 1,
      max: 12,
    },
    birthMonth: {
      type: 'tag',
      title: {
        en: 'The month of birth, a number from 1 to 12',
        zh: '出生月份',
      },
      default: 'birthMonth',
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
  rule: '$birthMonth = $month and did $purchase',
  example: {
    month: 11,
  },
} as const
