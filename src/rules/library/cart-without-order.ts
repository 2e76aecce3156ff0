/** Added a product to the cart and did not buy that product within some hours of it. */
export const cartWithoutOrder = {
  name: 'cart without an order',
  title: {
    en: 'Cart without an order',
    zh: '加购未下单',
  },
  description: {
    en: 'Added a product to the cart and did not buy that product within some hours of it.',
    zh: '加购后若干小时内未购买同一商品的人。',
  },
  parameters: {
    hours: {
      type: 'integer',
      title: {
        en: 'Hours to wait',
        zh: '等待小时数',
      },
      default: 24,
      min: 1,
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back',
        zh: '回溯天数',
      },
      default: 3,
      min: 1,
    },
    cart: {
      type: 'event',
      title: {
        en: 'The event of adding to the cart',
        zh: '加购事件',
      },
      default: 'add_to_cart',
    },
    purchase: {
      type: 'event',
      title: {
        en: 'The event of buying',
        zh: '购买事件',
      },
      default: 'purchase',
    },
    product: {
      type: 'property',
      title: {
        en: 'The product of the event',
        zh: '商品属性',
      },
      default: 'product',
    },
  },
  rule: 'did $cart then did not $purchase within $hours hours, same $product in last $days days including today',
  example: {
    hours: 24,
  },
} as const
