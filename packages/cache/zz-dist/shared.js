export {};
//# sourceMappingURL=shared.js.map