export {};
//# sourceMappingURL=cluster.js.map