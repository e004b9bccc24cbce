import type { ItemOf } from '../service/use-list.ts'

/** A version of the settings of a category. */
export type Version = ItemOf<'settingVersions'>
