// forbidden as: libs/segmentation/src/sample.ts
// because: Pure code has no console: it decides, its caller acts.
// allowed as: services/standalone/src/sample.ts
console.log('entered');
