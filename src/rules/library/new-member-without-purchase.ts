/** Joined in the last days and has not bought yet. */
export const newMemberWithoutPurchase = {
  name: 'new member without a purchase',
  title: {
    en: 'New members without a first purchase',
    zh: '新会员未首购',
  },
  description: {
    en: 'Joined in the last days and has not bought yet.',
    zh: '近期入会、尚未首购的人。',
  },
  parameters: {
    days: {
      type: 'integer',
      title: {
        en: 'Days since joining',
        zh: '入会天数',
      },
      default: 7,
      min: 1,
    },
    joined: {
      type: 'tag',
      title: {
        en: 'When the person joined',
        zh: '入会时间',
      },
      default: 'joinedAt',
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
  rule: '$joined in last $days days including today minus did $purchase',
  example: {
    days: 14,
  },
} as const
