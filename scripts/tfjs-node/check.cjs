// Proves a built addon: tfjs is really on TensorFlow (without its addon it would go on with slow JavaScript), and computes.
// Usage, in the folder that holds node_modules: node check.cjs @tensorflow/tfjs-node
const { createRequire } = require('node:module');
const { join } = require('node:path');

const name = process.argv[2];
const tf = createRequire(join(process.cwd(), 'package.json'))(name);
if (tf.getBackend() !== 'tensorflow')
  throw new Error(`${name} computes with ${tf.getBackend()}: expected tensorflow`);
const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])];
const product = Array.from(tf.matMul(a, b).dataSync());
if (`${product}` !== '19,22,43,50') throw new Error(`matMul gave ${product}: expected 19,22,43,50`);
