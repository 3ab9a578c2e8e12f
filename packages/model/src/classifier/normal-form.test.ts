import { expect, test } from 'vitest'
import { normalForm, readUnits } from './normal-form.ts'

const read = (text: string) => normalForm(text).join(' ')

test.each([
  ['CANCEL my Order!', 'cancel my order'],
  ["I don't  know", 'i dont know'],
  ['order W2040117', 'order ##'],
  ['purchase 00004587345', 'purchase ##'],
  ['gift card GC-1111-2222', 'gift card ##'],
  ['2 rolls', '# rolls'],
  ['rebate of350 dollars', 'rebate of # $'],
  ['I paid €12.50', 'i paid $ #'],
  ['use lea@example.org', 'use @'],
  ['see https://example.org/a?b=c now', 'see // now'],
  ['ｃａｎｃｅｌ', 'cancel'],
  ['où est ma commande 😀', 'où est ma commande'],
  ['我的订单在哪里', '我的订单在哪里'],
  ['', ''],
  ['?! 😀', ''],
])('%j reads %j', (text, form) => {
  expect(read(text)).toBe(form)
})

test.each([
  ['cancel order {{Order Number}}', 'cancel order 47110815'],
  ['I paid {{Refund Amount}}', 'I paid 20 €'],
  ['write to {{Email}}', 'write to a@example.org'],
])('the slot in %j reads like what stands in its place', (template, filled) => {
  expect(normalForm(template).slice(0, 3)).toEqual(normalForm(filled).slice(0, 3))
})

test('a slot of no known kind reads as its name', () => {
  expect(read('open a {{Account Type}}')).toBe('open a account type')
})

test('only the beginning of a very long text is read', () => {
  expect(read('a '.repeat(readUnits)).length).toBeLessThanOrEqual(readUnits)
})
