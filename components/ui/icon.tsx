/// <reference types="next/image-types/global" />
// A drawing of one stroke, as large as the text beside it. It never stands without a word: what it says, the word says.
import sprite from '../icons.svg'

export type IconName =
  | 'access'
  | 'alert'
  | 'back'
  | 'boiler'
  | 'bolt'
  | 'calc'
  | 'camera'
  | 'check'
  | 'cool'
  | 'device'
  | 'doc'
  | 'down'
  | 'drop'
  | 'due'
  | 'fine'
  | 'fridge'
  | 'globe'
  | 'help'
  | 'home'
  | 'lamp'
  | 'mail'
  | 'menu'
  | 'meter'
  | 'next'
  | 'no'
  | 'out'
  | 'oven'
  | 'pay'
  | 'pen'
  | 'person'
  | 'phone'
  | 'plus'
  | 'print'
  | 'request'
  | 'seal'
  | 'search'
  | 'sun'
  | 'tv'
  | 'up'
  | 'usage'
  | 'wait'
  | 'washer'

export function Icon({ name }: { name: IconName }) {
  return (
    <svg aria-hidden="true" className="icon">
      <use href={`${sprite.src}#${name}`} />
    </svg>
  )
}
