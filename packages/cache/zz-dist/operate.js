export {};
//# sourceMappingURL=operate.js.map