/** The one value of NotModified. */
export const notModified = Object.freeze({});
//# sourceMappingURL=loader.js.map