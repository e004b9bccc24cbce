export {};
//# sourceMappingURL=handle.js.map