export {};
//# sourceMappingURL=load-request.js.map