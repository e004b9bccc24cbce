/**
 * The first byte of a packed value. A byte below 128 is that number itself. Texts of Latin-1 are not in the stream but
 * one after another in the text beside it: reading them costs one call out of V8 for all.
 */
export const tagNull = 128
export const tagFalse = 129
export const tagTrue = 130
/** Whole numbers of so many bits, with a sign. */
export const tagWhole16 = 131
export const tagWhole32 = 132
export const tagWhole48 = 133
export const tagSingle = 134
export const tagDouble = 135
/** The length as a number, the characters in the text beside. */
export const tagText = 136
/** The length in bytes as a number, then UTF-8. */
export const tagUtf8 = 137
/** The length in code units as a number, then UTF-16: also for text with lone surrogates. */
export const tagUtf16 = 138
/** The number of members, then each. */
export const tagArray = 139
/** The number of a shape, then the value of each of its fields. */
export const tagShape = 140
/** The number of fields, then the name and value of each. */
export const tagObject = 141
/** The number of a word. */
export const tagWord = 142
/** A byte: a whole number from 128 to 383. */
export const tagWhole8 = 143
/** Plus the number of decimal places, 1 to 6, then the whole number without the point. */
export const tagDecimal = 144
export const mostPlaces = 6
/** Plus the length of a text. */
export const tagShortText = 160
export const shortText = 32
/** Plus the number of a shape. */
export const tagFirstShape = 192
/** Plus the number of a word. */
export const tagFirstWord = 224
/** Shapes and words that a first byte can tell. */
export const firsts = 32
