export { composeScript, recogniseScript } from './compose';
