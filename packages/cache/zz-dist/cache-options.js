export {};
//# sourceMappingURL=cache-options.js.map